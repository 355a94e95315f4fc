"""Tests of adapters.process."""
