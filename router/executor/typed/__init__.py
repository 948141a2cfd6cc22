"""The quick way through an execution: data in msgspec structures from the first byte to the last.

Of an operation whose objects all have known types it is known beforehand what every object holds: the
fields the client asked for, in order, and the keys that fetches need beside them. So each object of the
answer gets a `Struct`, subgraph answers are decoded straight into those, which checks them as it goes, and
at the end they are encoded as they are: there is no merged tree of dicts and no projection of it.

positions.py what is held where: the operation's shape with the keys of the fetches in it
structs.py   structures for that
generate.py  code that reads and fills them: representations, merging, hiding what was not asked for
steps.py     the plan's steps on structures
demote.py    from structures to the dicts the careful way works on
compile.py   all of it for one operation

Only what is as it should be is handled here. An error, a value that does not fit or a field that never came
demotes the request: its structures become dicts, and the same steps go on with those (`entity_step.py`,
`root_step.py`, `projection/`). Operations with something this way does not know (abstract types,
conditions, rewrites, context arguments) take the careful one from the start.
"""

from router.executor.typed.compile import TypedOperation, compile_typed

__all__ = ["TypedOperation", "compile_typed"]
