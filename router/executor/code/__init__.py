"""The code that runs for one operation, written for it once: the same writer for both stores.

source.py         lines of Python, compiled with a file name, so that tracebacks show them
layout.py         how a store's objects are read: what the writer asks of a store
loops.py          from the root to the objects at a path
representation.py what an object is asked for with, by its type
gather.py         the objects at paths and their representations
"""
