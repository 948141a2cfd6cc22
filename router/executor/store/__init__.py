"""Where the data of one request is held: in structures while all is as it should be, else in dicts.

protocol.py   what the steps ask of a store
dicts.py      objects as dicts, as they came: handles everything
structures.py objects as msgspec structures, made for the operation: handles what is as it should be
compile.py    the structures of an operation and the code over them
positions.py  what is held where: the operation's shape with the keys of the fetches in it
structs.py    structures for that, and how code reads them
merging.py    filling structures with what fetches answered, and what was not asked for taken out
turn.py       from structures to dicts
"""
