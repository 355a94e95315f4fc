"""Wrong implementations."""
