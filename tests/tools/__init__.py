"""Helpers and makers for the tests; no test stands here."""
