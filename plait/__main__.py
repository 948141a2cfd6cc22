"""`python -m plait`: the commands without the installed script, whose first line no path with a quote survives."""

from plait.main import main

main(prog_name="plait")
