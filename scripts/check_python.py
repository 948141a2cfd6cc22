"""Says in one line what is missing on a machine before anything is installed on it."""

import importlib.util
import sys

if sys.version_info < (3, 11):
    version = sys.version.split()[0]
    sys.exit(f"plait: needs Python 3.11 or newer, this is {version}; run make PYTHON=/path/to/python3.11")
if importlib.util.find_spec("ensurepip") is None:
    sys.exit(
        "plait: this Python has no ensurepip, so it cannot make a virtual environment; "
        "on Debian: apt-get install python3-venv"
    )
