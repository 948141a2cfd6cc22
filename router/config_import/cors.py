"""CORS of all three dialects: one policy becomes ours, more of them our `cors.policies`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from router.config_import.document import MISSING, Ours, known
from router.config_import.report import Kind
from router.config_import.values import whole_seconds

SERVED = {"GET", "POST", "HEAD", "OPTIONS"}
KEYS = ("allow_origins", "match_origins", "allow_headers", "expose_headers", "allow_credentials")
NO_ANY_WITH_CREDENTIALS = (
    "browsers refuse credentials for any origin, so they are off; name the origins to have them"
)


def put_policies(ours: Ours, key: str, policies: list[dict[str, Any]]) -> None:
    """`policies` have our names, `methods` and `max_age` of theirs."""
    for index, policy in enumerate(policies):
        place = key if len(policies) == 1 else f"{key}.policies[{index}]"
        methods = set(policy.pop("methods", None) or SERVED)
        if not {"GET", "POST"} <= methods:
            ours.say(Kind.DIFFERS, place, "GET and POST are allowed, which are the methods of operations")
        max_age = policy.pop("max_age", None)
        seconds = MISSING if max_age is None else ours.convert(f"{place}.max_age", whole_seconds, max_age)
        if seconds is not MISSING:
            policy["max_age_seconds"] = seconds
        if "*" in policy.get("allow_origins", ()) and policy.pop("allow_credentials", False):
            ours.say(Kind.DIFFERS, place, NO_ANY_WITH_CREDENTIALS, "cors")
    if len(policies) == 1:
        for name, value in policies[0].items():
            ours.put(f"{key}.{name}", ("cors", name), value)
    elif policies and known(("cors", "policies")) is not None:
        ours.put(f"{key}.policies", ("cors", "policies"), policies)
    elif policies:
        ours.not_carried(f"{key}.policies", "there is one policy for all origins here")


def policy_of(section: Mapping[str, Any], *fallbacks: Mapping[str, Any]) -> dict[str, Any]:
    """The policy's own values over those of the section it is in. Keys are ours already."""
    found: dict[str, Any] = {}
    for source in (*reversed(fallbacks), section):
        found |= {key: value for key, value in source.items() if value not in (None, [])}
    return {key: found[key] for key in (*KEYS, "methods", "max_age") if key in found}
