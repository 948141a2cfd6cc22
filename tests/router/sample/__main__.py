"""Writes the plans of every case as the planner makes them now."""

from tests.router.sample.cases import FILES, write

if __name__ == "__main__":
    for path in FILES:
        write(path)
