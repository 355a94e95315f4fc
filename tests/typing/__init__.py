"""What the type checkers must accept, and what they must reject; nothing here is run by the tests."""
