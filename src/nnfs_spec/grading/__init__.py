"""Grades a class: finds submissions, checks them over any executor, and writes marks as they come."""
