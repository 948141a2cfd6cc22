"""A random federated schema from a seed: the stages, in order.

Entities come first, with keys that always lead through a hub subgraph, so that most schemas are satisfiable;
then value types, abstract types, fields, and the directives that bend ownership. A schema the composer
refuses is thrown away by the caller and the next one tried.
"""

from __future__ import annotations

from tests.support.differential import abstract, ownership, stages
from tests.support.differential.generator import Generator
from tests.support.differential.model import Model


def generate_model(seed: int) -> Model:
    generator = Generator.of(seed)
    stages.inputs(generator)
    stages.entities(generator)
    stages.value_types(generator)
    abstract.abstract_types(generator)
    stages.fields(generator)
    stages.split_values(generator)
    stages.contexts(generator)
    abstract.interface_object(generator)
    ownership.requires(generator)
    ownership.provides(generator)
    ownership.overrides(generator)
    stages.roots(generator)
    return generator.model
