"""Tests of adapters.recognition."""
