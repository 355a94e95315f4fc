"""Finds the course's operations among a target's functions and classes."""
