"""The plan as Apollo's JSON, and back.

`plan_to_json` and `plan_from_json` are inverse to each other. Keys with nothing to say are left out, as
Apollo does. A fetch of entities says `knownType` where no answer has their type name. `BatchFetch` is the
one kind that Apollo's format does not have:

    {"kind": "BatchFetch", "serviceName", "variableUsages", "operation", "operationKind": "query",
     "entities": [{"alias", "variable", "paths": [[…]], "requires": […], "inputRewrites"?, "outputRewrites"?,
                   "condition"?: [{"variable", "value"}], "knownTypes"?: [type or null for each path]}]}
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar, assert_never

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
    Parallel,
    PlanNode,
    QueryPlan,
    RequiredField,
    RequiredFragment,
    RequiredSelection,
    Rewrite,
    Subscription,
    ValueSetter,
)
from router.plan.nodes import Sequence as SequenceNode
from router.plan.paths import flatten_path_strings, path_strings, read_path

Json: TypeAlias = dict[str, Any]
T = TypeVar("T")


class InvalidPlanError(ValueError):
    """The JSON is not a query plan."""

    code = "INVALID_QUERY_PLAN"


def plan_to_json(plan: QueryPlan) -> Json:
    """Apollo's `{"kind": "QueryPlan", "node": …}`."""
    return (
        {"kind": "QueryPlan"} if plan.node is None else {"kind": "QueryPlan", "node": node_to_json(plan.node)}
    )


def node_to_json(node: PlanNode) -> Json:
    match node:
        case Fetch():
            return _fetch(node)
        case BatchFetch():
            return _batch(node)
        case Flatten(path, inner):
            return {"kind": "Flatten", "path": flatten_path_strings(path), "node": node_to_json(inner)}
        case SequenceNode(nodes):
            return {"kind": "Sequence", "nodes": [node_to_json(n) for n in nodes]}
        case Parallel(nodes):
            return {"kind": "Parallel", "nodes": [node_to_json(n) for n in nodes]}
        case Condition():
            clauses = {"ifClause": _optional(node.if_clause), "elseClause": _optional(node.else_clause)}
            return _compact({"kind": "Condition", "condition": node.condition, **clauses})
        case Defer():
            primary = {"subselection": node.primary.subselection, "node": _optional(node.primary.node)}
            deferred = [_deferred(d) for d in node.deferred]
            return {"kind": "Defer", "primary": _compact(primary), "deferred": deferred}
        case Subscription():
            rest = _optional(node.rest)
            return _compact({"kind": "Subscription", "primary": _fetch(node.primary), "rest": rest})
        case _:
            assert_never(node)


def requires_to_json(selections: tuple[RequiredSelection, ...]) -> list[Json]:
    result: list[Json] = []
    for selection in selections:
        inner = requires_to_json(selection.selections)
        match selection:
            case RequiredField(name):
                field = {"kind": "Field", "name": name}
                result.append({**field, "selections": inner} if inner else field)
            case RequiredFragment(condition):
                head: Json = {"kind": "InlineFragment"}
                if condition is not None:
                    head["typeCondition"] = condition
                result.append({**head, "selections": inner})
            case _:
                assert_never(selection)
    return result


def _optional(node: PlanNode | None) -> Json | None:
    return None if node is None else node_to_json(node)


def _compact(json: Json) -> Json:
    return {key: value for key, value in json.items() if value is not None}


def _fetch(fetch: Fetch) -> Json:
    return _compact(
        {
            "kind": "Fetch",
            "id": fetch.id,
            "serviceName": fetch.service_name,
            "requires": requires_to_json(fetch.requires) or None,
            "variableUsages": list(fetch.variable_usages),
            "operation": fetch.operation,
            "operationKind": fetch.operation_kind,
            "operationName": fetch.operation_name,
            "inputRewrites": _rewrites(fetch.input_rewrites),
            "outputRewrites": _rewrites(fetch.output_rewrites),
            "contextRewrites": _rewrites(fetch.context_rewrites),
            "knownType": fetch.known_type,
        }
    )


def _batch(batch: BatchFetch) -> Json:
    return _compact(
        {
            "kind": "BatchFetch",
            "id": batch.id,
            "serviceName": batch.service_name,
            "variableUsages": list(batch.variable_usages),
            "operation": batch.operation,
            "operationKind": "query",
            "operationName": batch.operation_name,
            "entities": [_entities(part) for part in batch.entities],
        }
    )


def _entities(part: EntityBatch) -> Json:
    return _compact(
        {
            "alias": part.alias,
            "variable": part.variable,
            "paths": [flatten_path_strings(path) for path in part.paths],
            "requires": requires_to_json(part.requires),
            "inputRewrites": _rewrites(part.input_rewrites),
            "outputRewrites": _rewrites(part.output_rewrites),
            "condition": [{"variable": name, "value": value} for name, value in part.condition] or None,
            "knownTypes": list(part.known_types) or None,
        }
    )


def _rewrites(rewrites: tuple[Rewrite, ...]) -> list[Json] | None:
    return [_rewrite(rewrite) for rewrite in rewrites] or None


def _rewrite(rewrite: Rewrite) -> Json:
    match rewrite:
        case ValueSetter(path, value):
            return {"kind": "ValueSetter", "path": path_strings(path), "setValueTo": value}
        case KeyRenamer(path, rename_to):
            return {"kind": "KeyRenamer", "path": path_strings(path), "renameKeyTo": rename_to}
        case _:
            assert_never(rewrite)


def _deferred(node: DeferredNode) -> Json:
    depends = [_compact({"id": d.id, "deferLabel": d.defer_label}) for d in node.depends]
    rest = {"subselection": node.subselection, "node": _optional(node.node)}
    return _compact(
        {"depends": depends, "label": node.label, "queryPath": path_strings(node.query_path), **rest}
    )


def plan_from_json(json: Mapping[str, Any]) -> QueryPlan:
    """The plan that `plan_to_json` (or Apollo) wrote; raises InvalidPlanError for anything else."""
    try:
        if json["kind"] != "QueryPlan":
            raise InvalidPlanError(f"Expected a QueryPlan, found {json['kind']!r}")
        return QueryPlan(_read_optional(json.get("node")))
    except (KeyError, TypeError, AttributeError) as error:
        raise InvalidPlanError(f"Not a query plan: {error!r}") from error


def _read_optional(json: Mapping[str, Any] | None) -> PlanNode | None:
    return None if json is None else _read_node(json)


def _read_node(json: Mapping[str, Any]) -> PlanNode:
    reader = _READERS.get(json["kind"])
    if reader is None:
        raise InvalidPlanError(f"Unknown kind of plan node: {json['kind']!r}")
    return reader(json)


def _read_nodes(json: Mapping[str, Any]) -> tuple[PlanNode, ...]:
    return tuple(_read_node(node) for node in json["nodes"])


def _read_fetch(json: Mapping[str, Any]) -> Fetch:
    return Fetch(
        service_name=json["serviceName"],
        operation=json["operation"],
        operation_kind=json.get("operationKind", "query"),
        operation_name=json.get("operationName"),
        variable_usages=tuple(json.get("variableUsages") or ()),
        requires=_read_requires(json.get("requires")),
        id=json.get("id"),
        input_rewrites=_read_rewrites(json.get("inputRewrites")),
        output_rewrites=_read_rewrites(json.get("outputRewrites")),
        context_rewrites=_read_rewrites(json.get("contextRewrites")),
        known_type=json.get("knownType"),
    )


def _read_batch(json: Mapping[str, Any]) -> BatchFetch:
    return BatchFetch(
        service_name=json["serviceName"],
        operation=json["operation"],
        entities=tuple(_read_entities(part) for part in json["entities"]),
        operation_name=json.get("operationName"),
        variable_usages=tuple(json.get("variableUsages") or ()),
        id=json.get("id"),
    )


def _read_entities(json: Mapping[str, Any]) -> EntityBatch:
    return EntityBatch(
        alias=json["alias"],
        variable=json["variable"],
        paths=tuple(read_path(path) for path in json["paths"]),
        requires=_read_requires(json["requires"]),
        input_rewrites=_read_rewrites(json.get("inputRewrites")),
        output_rewrites=_read_rewrites(json.get("outputRewrites")),
        condition=tuple((c["variable"], c["value"]) for c in json.get("condition") or ()),
        known_types=tuple(json.get("knownTypes") or ()),
    )


def _read_requires(json: Sequence[Mapping[str, Any]] | None) -> tuple[RequiredSelection, ...]:
    return tuple(_read_required(selection) for selection in json or ())


def _read_required(json: Mapping[str, Any]) -> RequiredSelection:
    inner = _read_requires(json.get("selections"))
    if json["kind"] == "Field":
        return RequiredField(json["name"], inner)
    if json["kind"] == "InlineFragment":
        return RequiredFragment(json.get("typeCondition"), inner)
    raise InvalidPlanError(f"Unknown kind of required selection: {json['kind']!r}")


def _read_rewrites(json: Sequence[Mapping[str, Any]] | None) -> tuple[Rewrite, ...]:
    return tuple(_read_rewrite(rewrite) for rewrite in json or ())


def _read_rewrite(json: Mapping[str, Any]) -> Rewrite:
    if json["kind"] == "ValueSetter":
        return ValueSetter(read_path(json["path"]), json["setValueTo"])
    if json["kind"] == "KeyRenamer":
        return KeyRenamer(read_path(json["path"]), json["renameKeyTo"])
    raise InvalidPlanError(f"Unknown kind of rewrite: {json['kind']!r}")


def _read_flatten(json: Mapping[str, Any]) -> Flatten:
    return Flatten(read_path(json["path"]), _read_node(json["node"]))


def _read_condition(json: Mapping[str, Any]) -> Condition:
    if_clause, else_clause = _read_optional(json.get("ifClause")), _read_optional(json.get("elseClause"))
    return Condition(json["condition"], if_clause, else_clause)


def _read_defer(json: Mapping[str, Any]) -> Defer:
    primary = DeferPrimary(json["primary"].get("subselection"), _read_optional(json["primary"].get("node")))
    return Defer(primary, tuple(_read_deferred(node) for node in json["deferred"]))


def _read_deferred(json: Mapping[str, Any]) -> DeferredNode:
    return DeferredNode(
        depends=tuple(DeferDependency(d["id"], d.get("deferLabel")) for d in json["depends"]),
        query_path=read_path(json["queryPath"]),
        subselection=json.get("subselection"),
        label=json.get("label"),
        node=_read_optional(json.get("node")),
    )


def _read_subscription(json: Mapping[str, Any]) -> Subscription:
    return Subscription(_read_fetch(json["primary"]), _read_optional(json.get("rest")))


_READERS: dict[str, Callable[[Mapping[str, Any]], PlanNode]] = {
    "Fetch": _read_fetch,
    "BatchFetch": _read_batch,
    "Flatten": _read_flatten,
    "Sequence": lambda json: SequenceNode(_read_nodes(json)),
    "Parallel": lambda json: Parallel(_read_nodes(json)),
    "Condition": _read_condition,
    "Defer": _read_defer,
    "Subscription": _read_subscription,
}
