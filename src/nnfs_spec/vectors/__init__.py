"""The frozen test vectors of spec/vectors/: read, answered by a subject, compared, exported."""
