"""Files of other routers, read as ours: Apollo Router's, Cosmo Router's and Hive Router's.

    text ─► document ─► environment as ours ─► rules, one after another ─► what no rule took ─► Imported

Rules take keys from their document and put ours (`document.py`); a rule whose setting is not here (yet) says
so, and may be written before its feature. Whatever nobody took is told with a reason (`reasons.py`): nothing
is lost silently. Where a router's default is another than ours, it is written out, so that the result
does what the file did.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from router.config.file import parse_config, read_yaml
from router.config_import.apollo import APOLLO
from router.config_import.cosmo import COSMO
from router.config_import.dialect import Dialect
from router.config_import.document import Ours, Path, Theirs, text_of
from router.config_import.hive import HIVE
from router.config_import.recognise import recognise
from router.config_import.report import Imported, Kind
from router.errors import ConfigError

DIALECTS = {dialect.name: dialect for dialect in (APOLLO, COSMO, HIVE)}


def import_config(
    text: str, router: str | None = None, environment: Mapping[str, str] | None = None
) -> Imported:
    """`router` is a name of `DIALECTS`; None finds out. Raises `ConfigError`."""
    document = read_yaml(text)
    if not isinstance(document, dict):
        raise ConfigError("expected a mapping of settings, as a router's configuration has")
    dialect = DIALECTS[router] if router is not None else recognise(document, tuple(DIALECTS.values()))
    ours = Ours()
    try:
        theirs = Theirs(dialect.translate(document, (), ours))
    except RecursionError as error:
        raise ConfigError("a value contains itself (an alias inside what its anchor names)") from error
    for step in dialect.steps:
        step(theirs, ours)
    for path, value in theirs.left():
        _tell(dialect, path, value, ours)
    result = Imported(dialect.title, ours.config, tuple(ours.carried), tuple(ours.remarks))
    return _checked(result, environment or {})


def _tell(dialect: Dialect, path: Path, value: Any, ours: Ours) -> None:
    """A remark for what no rule took. A feature that is off there and not here is the default."""
    if value is None or value in ({}, []):
        return
    key = text_of(path)
    if isinstance(value, dict) and value.get("enabled") is False:
        ours.say(Kind.DEFAULT, key, "it is off, and there is nothing to switch on here")
    elif path[0] not in dialect.keys:
        ours.not_carried(key, f"{dialect.title} has no such key")
    elif isinstance(value, dict) and _has_reasons_beneath(dialect, path):
        for name, inner in value.items():
            _tell(dialect, (*path, str(name)), inner, ours)
    else:
        ours.not_carried(key, _reason(dialect, path))


def _has_reasons_beneath(dialect: Dialect, path: Path) -> bool:
    return any(key.startswith(f"{'.'.join(path)}.") for key in dialect.reasons)


def _reason(dialect: Dialect, path: Path) -> str:
    for length in range(len(path), 0, -1):
        found = dialect.reasons.get(".".join(path[:length]))
        if found is not None:
            return found
    return "nothing here does this"


def _checked(result: Imported, environment: Mapping[str, str]) -> Imported:
    try:
        parse_config(result.to_yaml(), environment)
    except ConfigError as error:
        faults = tuple(error.message.splitlines())
        return Imported(result.router, result.config, result.carried, result.remarks, faults)
    return result
