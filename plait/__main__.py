"""`python -m plait`: the commands without the installed script, which a quote in its path breaks."""

from plait.cli.main import main

main(prog_name="plait")
