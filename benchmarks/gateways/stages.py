"""The same with the stages of a gateway on: what a request passes through that is not let in just so.

A token is verified for each request, each root field requires one of its scopes, operations are asked for by
the id they were published under, limits and costs are enforced, metrics are kept. Ours writes an access log
too, which Hive Router has none of.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from benchmarks.gateways.shop import CASES, LINK, SUBGRAPHS

PROTECTED_LINK = LINK.replace("v2.3", "v2.9").replace('"@shareable"', '"@shareable", "@requiresScopes"')
ROOT = re.compile(r"type Query \{(.*?)\}", re.DOTALL)
FIELD = re.compile(r"(\w+(?:\([^)]*\))?: [\w\[\]!]+)")
NAMED = re.compile(r"^\s*query (\w+)")
LARGE = 1_000_000_000

OURS = """
subgraphs: {{defaults: {{deduplicate: false}}}}
execution: {{deduplicate_operations: {{enabled: false}}}}
studio: {{enabled: false}}
authentication: {{jwt: {{jwks: [{{file: {jwks}}}]}}}}
persisted_operations: {{mode: require-id, sources: [{operations}]}}
limits: {{max_depth: 50, max_aliases: 500, max_tokens: 15000, max_directives: 500}}
demand: {{mode: enforce, max_cost: {large}}}
telemetry:
  access_log: {{enabled: true, file: {log}}}
  metrics: {{enabled: true, listen: "127.0.0.1:{metrics_port}"}}
"""

HIVE = """
supergraph: {{source: file, path: {supergraph}}}
http: {{host: 127.0.0.1, port: {port}, workers: 1}}
traffic_shaping: {{all: {{dedupe_enabled: false}}, router: {{dedupe: {{enabled: false}}}}}}
laboratory: {{enabled: false}}
log: {{level: error}}
jwt:
  enabled: true
  require_authentication: true
  jwks_providers: [{{source: file, path: {jwks}}}]
persisted_documents:
  enabled: true
  require_id: true
  storage: {{type: file, path: {operations}, watch: false}}
limits:
  max_depth: {{n: 50}}
  max_aliases: {{n: 500}}
  max_tokens: {{n: 15000}}
  max_directives: {{n: 500}}
demand_control:
  enabled: true
  default_list_size: {{all: 10}}
  operation_cost: {{max: {large}, mode: enforce}}
  subgraphs_budget: {{mode: measure}}
telemetry: {{metrics: {{exporters: [{{kind: prometheus, port: {metrics_port}}}]}}}}
"""


def protected_subgraphs() -> dict[str, str]:
    """The shop; each root field is for who may read."""
    return {name: ROOT.sub(_guarded, sdl.replace(LINK, PROTECTED_LINK)) for name, sdl in SUBGRAPHS.items()}


def _guarded(found: re.Match[str]) -> str:
    fields = FIELD.sub(r'\1 @requiresScopes(scopes: [["read"]])', found[1])
    return f"type Query {{{fields}}}"


@dataclass(frozen=True, slots=True)
class Prepared:
    """What both are given: files, and the headers of a request."""

    jwks: Path
    operations: Path
    headers: Mapping[str, str]

    @classmethod
    def into(cls, folder: Path) -> Prepared:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
        jwks, operations = folder / "jwks.json", folder / "operations.json"
        jwks.write_text(json.dumps({"keys": [{**public, "kid": "k", "alg": "RS256", "use": "sig"}]}))
        operations.write_text(json.dumps(_manifest()))
        claims = {"sub": "ada", "scope": "read", "exp": int(time.time()) + 24 * 3600}
        token = jwt.encode(claims, key, algorithm="RS256", headers={"kid": "k"})
        return cls(jwks, operations, {"authorization": f"Bearer {token}"})

    def ours(self, folder: Path, metrics_port: int) -> str:
        log = folder / "access.log"
        return OURS.format(
            jwks=self.jwks, operations=self.operations, log=log, large=LARGE, metrics_port=metrics_port
        )

    def hive(self, supergraph: Path, port: int, metrics_port: int) -> str:
        told = {"supergraph": supergraph, "port": port, "metrics_port": metrics_port}
        return HIVE.format(jwks=self.jwks, operations=self.operations, large=LARGE, **told)


def _manifest() -> dict[str, Any]:
    operations = [
        {"id": case.name, "body": case.query, "name": NAMED.findall(case.query)[0], "type": "query"}
        for case in CASES
    ]
    return {"format": "apollo-persisted-query-manifest", "version": 1, "operations": operations}
