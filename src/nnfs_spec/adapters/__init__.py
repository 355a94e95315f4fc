"""Turns what people have (a file, a module, objects in hand) into a subject."""
