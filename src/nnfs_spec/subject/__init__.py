"""The protocol through which every implementation is seen, and the table of operations."""
