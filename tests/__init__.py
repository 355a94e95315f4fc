"""The tests: one file for each chapter of spec/, the kit itself, and the repository."""
