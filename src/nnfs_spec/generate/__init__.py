"""Turns domains into inputs: by search (Hypothesis, small cases that shrink) and by sweep (vectorised batches)."""
