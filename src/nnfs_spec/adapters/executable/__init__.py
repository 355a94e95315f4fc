"""Executables in any language: the text protocol over standard input and output."""
