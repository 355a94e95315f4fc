"""Evidence by machine: descriptions of goals, the programs that prove them, and the record of the last run."""
