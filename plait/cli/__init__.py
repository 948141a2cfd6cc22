"""The command line: thin, one file per command. Nothing imports it."""
