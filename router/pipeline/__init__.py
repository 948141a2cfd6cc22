"""One operation through its stages; `pipeline.py` lists them in order."""
