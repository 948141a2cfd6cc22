"""What every subgraph is built from; knows no domain.

errors       a domain's errors and the codes clients see
ids          UUIDs in and out
pages        keyset pages and opaque cursors, without GraphQL
connections  the same as Relay types
validation   checks of a client's input, all of them reported at once
auth, jwks   who asks, proven by a signed token
request      one request: headers, viewer, where it came from
federation   the Strawberry schema with `_entities` that survives anything
subgraph     schema + context → something the router can call, in process or over HTTP
http         the ASGI application
config       what a domain's app is given
"""
