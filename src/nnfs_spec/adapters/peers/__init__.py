"""Other people's libraries as subjects, each in a few lines; only its own file imports one, when it is asked."""
