"""Small helpers without knowledge of the specification: files, JSON input, memory."""
