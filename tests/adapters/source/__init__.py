"""Tests of adapters.source."""
