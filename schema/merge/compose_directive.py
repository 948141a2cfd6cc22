"""@composeDirective: directives of other specifications that subgraphs ask to keep in the supergraph.

A directive composes when it comes from a linked specification, under the same name and from the same
specification in every subgraph that asks for it. Its definition is the one of the newest minor version among
those subgraphs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from schema.link.features import Feature
from schema.model.applications import Application
from schema.model.definitions import NOWHERE, DirectiveDefinition
from schema.report.collect import failure
from schema.report.errors import CompositionFailure, ErrorCode, Location
from schema.report.hints import Hint, HintCode, hint
from schema.report.suggestions import did_you_mean
from schema.report.wording import subgraphs
from schema.specs.specification import APOLLO
from schema.subgraph.states import Subgraph

_OURS = {
    f"{APOLLO}{name}"
    for name in (
        [
            "core",
            "join",
            "link",
            "tag",
            "inaccessible",
            "federation",
            "authenticated",
            "requiresScopes",
            "source",
            "context",
            "cost",
        ]
    )
}


@dataclass(frozen=True, slots=True)
class _Item:
    """One accepted @composeDirective: `original` is the directive's name in its specification."""

    number: int
    feature: Feature
    original: str
    name: str
    place: tuple[Location, ...]


@dataclass(slots=True)
class Composed:
    """What composes: names per subgraph, and the linked features with their directives (name → original)."""

    by_subgraph: dict[int, set[str]] = field(default_factory=dict)
    features: list[tuple[Feature, dict[str, str]]] = field(default_factory=list)
    definitions: dict[str, DirectiveDefinition] = field(default_factory=dict)
    failures: list[CompositionFailure] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)


def compose_directives(graphs: list[Subgraph]) -> Composed:
    """Works out every @composeDirective of the subgraphs."""
    return _Composer(graphs, Composed()).run()


@dataclass(slots=True)
class _Composer:
    graphs: list[Subgraph]
    result: Composed
    items: list[_Item] = field(default_factory=list)
    refused_names: set[str] = field(default_factory=set)

    def run(self) -> Composed:
        for number, subgraph in enumerate(self.graphs):
            for application in subgraph.applied(subgraph.names.compose_directive):
                self._read(number, subgraph, application)
        latest = self._latest_features()
        self._check_names()
        self._collect(latest)
        return self.result

    def _fail(self, message: str, places: Iterable[Location]) -> None:
        self.result.failures.append(
            failure(ErrorCode.DIRECTIVE_COMPOSITION_ERROR, message, tuple(dict.fromkeys(places)))
        )

    # Reading one @composeDirective

    def _read(self, number: int, subgraph: Subgraph, application: Application) -> None:
        at = application.directive.at
        place = (subgraph.source.location(at),) if at != NOWHERE else ()
        text = application.directive.arguments.get("name")
        where = f'@composeDirective in subgraph "{subgraph.name}"'
        if not isinstance(text, str) or not text:
            self._fail(f"{where} names no directive.", place)
            return
        if not text.startswith("@"):
            self._fail(f'{where} names "{text}", which must start with "@".', place)
            return
        name = text[1:]
        if name not in subgraph.schema.directives:
            advice = did_you_mean(name, subgraph.schema.directives, "@")
            self._fail(f'{where} names "{text}", which is not defined there.{advice}', place)
            return
        origin = subgraph.features.directive_origin(name)
        if origin is None:
            self._fail(f'{where} names "{text}", which comes from no linked specification.', place)
        elif origin.name is None:
            self._fail(f'{where} names "{text}", which is imported under another name.', place)
        elif origin.feature.url.identity in _OURS:
            self._refuse_ours(subgraph, name, where, place)
        elif clash := self._clash(name):
            self._fail(f'{where} names "{text}", which is a name of federation\'s "@{clash}".', place)
        else:
            self.items.append(_Item(number, origin.feature, origin.name, name, place))

    def _refuse_ours(self, subgraph: Subgraph, name: str, where: str, place: tuple[Location, ...]) -> None:
        names = subgraph.names
        if name in (
            names.tag,
            names.inaccessible,
            names.authenticated,
            names.requires_scopes,
            names.policy,
            names.context,
        ):
            message = f'{where} names "@{name}", which composes by itself.'
            self.result.hints.append(hint(HintCode.DIRECTIVE_COMPOSITION_INFO, message, place))
        else:
            self._fail(f'{where} names "@{name}", a directive of federation that does not compose.', place)

    def _clash(self, name: str) -> str | None:
        for subgraph in self.graphs:
            if name == subgraph.names.tag:
                return "tag"
            if name == subgraph.names.inaccessible:
                return "inaccessible"
        return None

    # Versions

    def _latest_features(self) -> dict[str, tuple[Feature, list[int]]]:
        """For each specification that composes: the version to link, and the subgraphs that have it, last
        first.
        """
        found: dict[str, tuple[Feature, list[int]]] = {}
        identities = dict.fromkeys(
            feature.url.identity for graph in self.graphs for feature in graph.features
        )
        for identity in identities:
            latest = self._latest(identity)
            if latest is None:
                continue
            numbers = [
                number
                for number, graph in enumerate(self.graphs)
                if (feature := graph.features.by_identity.get(identity))
                and feature.url.version == latest.url.version
            ]
            found[identity] = (latest, numbers[::-1])
        return found

    def _latest(self, identity: str) -> Feature | None:
        composing = {item.number for item in self.items if item.feature.url.identity == identity}
        best: tuple[Feature, bool] | None = None
        hinted = False
        for number, graph in enumerate(self.graphs):
            feature = graph.features.by_identity.get(identity)
            if feature is None:
                continue
            candidate = (feature, number in composing)
            if best is None:
                best = candidate
            elif best[0].url.version.major != feature.url.version.major:
                if best[1] and candidate[1]:
                    self._fail(
                        f'"{identity}" cannot be composed from different major versions.',
                        self._link_places(identity),
                    )
                    return None
                if not hinted:
                    hinted = True
                    message = f'"{identity}" is linked in different major versions.'
                    places = self._link_places(identity)
                    self.result.hints.append(hint(HintCode.DIRECTIVE_COMPOSITION_INFO, message, places))
                best = best if best[1] else candidate
            elif best[1] != candidate[1]:
                best = best if best[1] else candidate
            elif best[0].url.version.minor <= feature.url.version.minor:
                best = candidate
        return best[0] if best is not None and best[1] else None

    def _link_places(self, identity: str) -> tuple[Location, ...]:
        return link_places(self.graphs, identity)

    # Names

    def _check_names(self) -> None:
        for name, items in _grouped(self.items, lambda item: item.name).items():
            if len({item.original for item in items}) > 1:
                self._refuse(name, items, "does not mean the same directive in every subgraph")
            if len({item.feature.url.identity for item in items}) > 1:
                self._refuse(name, items, "does not come from the same specification in every subgraph")
        for original, items in _grouped(self.items, lambda item: item.original).items():
            if len({item.name for item in items}) > 1:
                names = " but ".join(
                    f'"@{item.name}" in subgraph "{self.graphs[item.number].name}"' for item in items
                )
                for item in items:
                    self.refused_names.add(item.name)
                places = [place for item in items for place in item.place]
                self._fail(f"A composed directive has different names: {names}.", places)
            self._hint_other_names(original, items)

    def _refuse(self, name: str, items: list[_Item], problem: str) -> None:
        self.refused_names.add(name)
        places = [place for item in items for place in item.place]
        self._fail(f'The composed directive "@{name}" {problem}.', places)

    def _hint_other_names(self, original: str, items: list[_Item]) -> None:
        first, exporting = items[0], {item.number for item in items}
        others = []
        for number, graph in enumerate(self.graphs):
            feature = graph.features.by_identity.get(first.feature.url.identity)
            imported = feature.imported_as(f"@{original}") if feature else None
            if number not in exporting and imported not in (None, f"@{first.name}"):
                others.append(graph.name)
        if others:
            message = f'The composed directive "@{first.name}" has another name in {subgraphs(others)}.'
            places = self._link_places(first.feature.url.identity)
            self.result.hints.append(hint(HintCode.DIRECTIVE_COMPOSITION_WARN, message, places))

    # Result

    def _collect(self, latest: dict[str, tuple[Feature, list[int]]]) -> None:
        directives: dict[str, dict[str, str]] = {}
        for item in self.items:
            identity = item.feature.url.identity
            directives.setdefault(identity, {})[item.name] = item.original
            if identity in latest and item.name not in self.refused_names:
                self.result.by_subgraph.setdefault(item.number, set()).add(item.name)
        for identity, (feature, numbers) in latest.items():
            if identity in _OURS:
                continue
            self.result.features.append((feature, directives.get(identity, {})))
            for name, original in directives.get(identity, {}).items():
                self._define(name, original, identity, feature, numbers)

    def _define(self, name: str, original: str, identity: str, feature: Feature, numbers: list[int]) -> None:
        for number in numbers:
            graph = self.graphs[number]
            linked = graph.features.by_identity[identity]
            definition = graph.schema.directives.get(linked.directive_name(original))
            if definition is not None:
                self.result.definitions[name] = definition
                return
        having = subgraphs([self.graphs[number].name for number in numbers])
        self._fail(
            f'"@{name}" cannot be composed: {having} link "{feature.url}" without defining it.',
            self._link_places(identity),
        )


def link_places(graphs: list[Subgraph], identity: str) -> tuple[Location, ...]:
    """Where a specification is linked."""
    return tuple(
        graph.source.location(feature.directive.at)
        for graph in graphs
        if (feature := graph.features.by_identity.get(identity)) and feature.directive.at != NOWHERE
    )


def _grouped(items: list[_Item], key: Callable[[_Item], str]) -> dict[str, list[_Item]]:
    groups: dict[str, list[_Item]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups
