"""Runs properties on a subject and tells what happened as events."""
