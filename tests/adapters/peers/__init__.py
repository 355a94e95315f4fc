"""Tests of adapters.peers."""
