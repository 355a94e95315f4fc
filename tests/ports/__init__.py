"""Sample ports of the course in other languages, each beside the harness that users copy."""
