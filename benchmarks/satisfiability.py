"""How long satisfiability takes, beside all of composition: `python -m benchmarks.satisfiability`.

Two kinds of generated graphs. In "entities" every subgraph owns types, refers to types of others by key and
extends some of them, with @requires here and there. In "shared" every type is a value type without a key that
all subgraphs share: places of such types do not lead to each other, so states are sets of places. Times are
CPU seconds of this process, the check's the best of three.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

from schema import Composition, SubgraphDefinition, compose
from schema.satisfiability import check_satisfiability

LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", '
    'import: ["@key", "@shareable", "@external", "@requires"])\n'
)


def entities(subgraphs: int, types: int, seed: int = 7) -> list[SubgraphDefinition]:
    """Each subgraph owns `types` entities and extends as many of others."""
    chance = random.Random(seed)
    everything = [(owner, number) for owner in range(subgraphs) for number in range(types)]
    return [
        SubgraphDefinition(
            f"s{owner}", f"http://s{owner}", LINK + "\n".join(_entities(owner, types, everything, chance))
        )
        for owner in range(subgraphs)
    ]


def _entities(
    owner: int, types: int, everything: list[tuple[int, int]], chance: random.Random
) -> Iterator[str]:
    others = [
        entity for entity in chance.sample(everything, min(2 * types, len(everything))) if entity[0] != owner
    ]
    extended, referred = others[:types], others[types:] or others
    yield "type Query { " + " ".join(f"t{owner}x{i}: T{owner}x{i}" for i in range(types)) + " }"
    for i in range(types):
        first, second = chance.choice(others), chance.choice(others)
        yield (
            f'type T{owner}x{i} @key(fields: "id") {{ id: ID! name: String size: Int kind: String '
            f"first: T{first[0]}x{first[1]} all: [T{second[0]}x{second[1]}!] }}"
        )
    for other, i in dict.fromkeys(extended):
        required = chance.random() < 0.2
        extra = 'size: Int @external rated: Int @requires(fields: "size")' if required else "noted: String"
        named = extra.replace("rated", f"rated{owner}").replace("noted", f"noted{owner}")
        yield f'type T{other}x{i} @key(fields: "id") {{ id: ID! {named} }}'
    for other, i in dict.fromkeys(referred) if referred is not others else ():
        if (other, i) not in extended:
            yield f'type T{other}x{i} @key(fields: "id", resolvable: false) {{ id: ID! }}'


def shared(subgraphs: int, types: int, seed: int = 7) -> list[SubgraphDefinition]:
    """Every subgraph has every type, all of it shareable."""
    fields = [
        f"type V{i} @shareable {{ a: Int b: V{(i + 1) % types} c: [V{(i * 7 + 3) % types}] }}"
        for i in range(types)
    ]
    root = f"type Query @shareable {{ {' '.join(f'v{i}: V{i}' for i in range(0, types, 5))} }}"
    sdl = LINK + "\n".join([root, *fields])
    return [SubgraphDefinition(f"s{n}", f"http://s{n}", sdl) for n in range(subgraphs)]


def check(composition: Composition) -> float:
    started = time.process_time()
    found = check_satisfiability(composition.supergraph)
    assert not found.errors
    return time.process_time() - started


def measure(name: str, definitions: list[SubgraphDefinition], types: int) -> None:
    started = time.process_time()
    composition = compose(definitions)
    composed = time.process_time() - started
    checked = min(check(composition) for _ in range(3))
    share = 100 * checked / composed
    per_type = 1e6 * checked / types
    print(f"{name:28} {types:6} {composed:9.2f} {checked:9.3f} {share:7.1f} % {per_type:9.0f}")


def main() -> None:
    print(f"{'graph':28} {'types':>6} {'compose s':>9} {'check s':>9} {'share':>9} {'µs/type':>9}")
    for per_subgraph in (5, 15, 30, 60):
        types = 60 * per_subgraph
        measure(f"entities, 60 subgraphs × {per_subgraph}", entities(60, per_subgraph), types)
    for types in (60, 240, 960):
        measure(f"shared, 10 subgraphs × {types}", shared(10, types), types)


if __name__ == "__main__":
    main()
