"""A bank of triggered mutants: any base mistake behind any trigger, drawn by seed, and the share that a check finds."""
