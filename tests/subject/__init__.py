"""Tests of subject."""
