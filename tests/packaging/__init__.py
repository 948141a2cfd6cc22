"""The package as a stranger installs it: built, put into a fresh environment, used."""
