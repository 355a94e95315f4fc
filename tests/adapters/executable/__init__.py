"""Tests of adapters.executable."""
