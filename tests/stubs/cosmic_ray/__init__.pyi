"""What tests/tools/mutation uses of cosmic-ray, which brings no types of its own."""
