"""Tests of the evidence by machine."""
