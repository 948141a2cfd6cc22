"""Executing a subgraph's operation level by level, from a program that is compiled once.

    program = programs.get(prepared, variables)     which fields of which type, how each is read and completed
    result = await execute(program, variables, context)

graphql-core executes object by object: a path, a `ResolveInfo`, a coroutine and a task for each field of each
object. Here a field is executed for all objects that stand at the same place of the operation at once:
attributes by one generated comprehension per type, resolvers one after the other with arguments that were
worked out once, awaitables together. What fails is marked where it stands in the answer; only when something
did, one walk over the answer places nulls and errors as the specification has it (section 6.4.4).

The same answers as graphql-core's, with two differences: of several errors that null the same place the first
in the answer's order is told, not the first in time; and an answer of too many objects is given up
(budget.py).
"""

from subgraphs.kit.execution.programs import Programs
from subgraphs.kit.execution.run import execute

__all__ = ["Programs", "execute"]
