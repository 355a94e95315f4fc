"""The process that holds a target: starting it, talking to it, limiting it, ending it."""
