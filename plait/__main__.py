"""`python -m plait`: the command line, where the `plait` script is not on PATH."""

from plait.cli.main import main

main()
