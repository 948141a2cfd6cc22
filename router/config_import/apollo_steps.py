"""Sections of Apollo Router's file that become ours as a whole: what is granted, published, seen."""

from __future__ import annotations

from typing import Any

from router.config_import.document import MISSING, Ours, Path, Rule, Theirs, path_of, text_of
from router.config_import.report import Kind
from router.config_import.values import flag, path_in_file_expansion

NO_LISTS = "lists of operations are files here, none from a registry: persisted_operations.sources"


def tls(theirs: Theirs, ours: Ours) -> None:
    for at, to in (("all", "defaults"), ("subgraphs.*", "by_name.*")):
        for key, setting in (
            ("certificate_authorities", "ca_file"),
            ("client_authentication.certificate_chain", "certificate_file"),
            ("client_authentication.key", "key_file"),
        ):
            rule = Rule(f"tls.subgraph.{at}.{key}", f"subgraphs.{to}.tls.{setting}", path_in_file_expansion)
            rule(theirs, ours)


def demand(theirs: Theirs, ours: Ours) -> None:
    at = ("demand_control",)
    enabled, mode = switch(theirs, ours, (*at, "enabled")), theirs.take((*at, "mode"))
    if enabled is True:
        word = "enforce" if mode == "enforce" else "measure"
        ours.put("demand_control.mode", path_of("demand.mode"), word)
    elif enabled is False:
        ours.put("demand_control.enabled", path_of("demand.mode"), "off")


def persisted(theirs: Theirs, ours: Ours) -> None:
    """The strictest of what is on. A list from their registry is not one of ours: nothing would be in it."""
    at = ("persisted_queries",)
    enabled, lists = switch(theirs, ours, (*at, "enabled")), theirs.take((*at, "local_manifests"))
    logs = switch(theirs, ours, (*at, "log_unknown"))
    is_strict = switch(theirs, ours, (*at, "safelist", "enabled"))
    needs_id = switch(theirs, ours, (*at, "safelist", "require_id"))
    theirs.take((*at, "hot_reload"))  # Always, here.
    if enabled is not True:
        if lists is not MISSING:
            ours.say(Kind.DEFAULT, text_of(at), "it is off", "persisted_operations.sources")
        return
    strictest = "require-id" if needs_id is True else "safelist"
    mode = strictest if is_strict is True else "log" if logs is True else "off"
    ours.put("persisted_queries.safelist", path_of("persisted_operations.mode"), mode)
    if isinstance(lists, list) and lists:
        ours.put("persisted_queries.local_manifests", path_of("persisted_operations.sources"), lists)
    else:
        ours.not_carried("persisted_queries.enabled", NO_LISTS)


def authorization(theirs: Theirs, ours: Ours) -> None:
    at, to = path_of("authorization.directives"), path_of("authorization.on_denied")
    if switch(theirs, ours, (*at, "enabled")) is False:
        ours.not_carried("authorization.directives.enabled", "the directives are always enforced here")
    is_dry = switch(theirs, ours, (*at, "dry_run"))
    refuses = switch(theirs, ours, (*at, "reject_unauthorized"))
    if is_dry is True:
        ours.put("authorization.directives.dry_run", to, "log")
    elif refuses is not MISSING:
        word = "reject" if refuses else "filter"
        ours.put("authorization.directives.reject_unauthorized", to, word)


def switch(theirs: Theirs, ours: Ours, at: Path) -> Any:
    """True, False, or MISSING, also for what is neither, which is told."""
    value = theirs.take(at)
    return MISSING if value is MISSING or value is None else ours.convert(text_of(at), flag, value)
