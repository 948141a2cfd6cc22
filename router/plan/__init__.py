"""The query plan: the only thing the planner and the executor share.

A plan is a tree of frozen nodes. `Sequence` runs its nodes one after another, `Parallel` at once; a
`Fetch` at the top of the tree asks a subgraph's root type, a `Fetch` under a `Flatten` asks `_entities`
for the objects found at the flatten's path in the data gathered so far:

    Sequence
    ├── Fetch users            { me { id } }
    └── Parallel
        ├── Flatten me         Fetch posts   { ... on User { id } } => { ... on User { posts { … } } }
        └── BatchFetch events  two entity fetches to one subgraph, one request

The JSON form (`to_json`) is Apollo's; `BatchFetch` is ours, for what Apollo would send as several
requests. `from_json` reads it back, so plans can be stored and the executor tested without the planner.

nodes.py   the nodes            paths.py      typed paths
asked.py   what a fetch asks    graphql.py    documents as plans print them
json.py text.py mermaid.py      the forms
"""

from router.plan.asked import Asked, AskedField, AskedFragment, AskedSelection
from router.plan.nodes import (
    BatchFetch,
    Condition,
    Defer,
    DeferDependency,
    DeferPrimary,
    DeferredNode,
    EntityBatch,
    Fetch,
    Flatten,
    KeyRenamer,
    OperationKind,
    Parallel,
    PartAlone,
    PlanNode,
    QueryPlan,
    RequiredField,
    RequiredFragment,
    RequiredSelection,
    Rewrite,
    Sequence,
    Subscription,
    ValueSetter,
    asked_of,
)
from router.plan.paths import EACH, PARENT, Each, Parent, Path, PathStep, TypeCondition, read_path

__all__ = [
    "EACH",
    "PARENT",
    "Asked",
    "AskedField",
    "AskedFragment",
    "AskedSelection",
    "BatchFetch",
    "Condition",
    "Defer",
    "DeferDependency",
    "DeferPrimary",
    "DeferredNode",
    "Each",
    "EntityBatch",
    "Fetch",
    "Flatten",
    "KeyRenamer",
    "OperationKind",
    "Parallel",
    "Parent",
    "PartAlone",
    "Path",
    "PathStep",
    "PlanNode",
    "QueryPlan",
    "RequiredField",
    "RequiredFragment",
    "RequiredSelection",
    "Rewrite",
    "Sequence",
    "Subscription",
    "TypeCondition",
    "ValueSetter",
    "asked_of",
    "read_path",
]
