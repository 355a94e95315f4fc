"""Runs a target's definitions: files, notebooks, folders and modules."""
