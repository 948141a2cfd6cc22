"""What every subgraph is built from; knows no domain.

errors       what may go wrong, and the codes clients see
user_errors  what the sender of a mutation can act on, as types
payloads     mutations and their payloads, by one convention
changes      what an update's input sets, keeps and clears
ids          UUIDs in and out
enums        closed sets: described for clients, read permissively from the store
pages        keyset pages and opaque cursors, without GraphQL
connections  the same as Relay types
text         one way to bring in text
validation   checks of a mutation's input, all of them reported at once
auth, jwks   who asks, proven by a signed token
request      one request: headers, viewer, where it came from
federation   the Strawberry schema with `_entities` that survives anything
subgraph     schema + context → something the router can call, in process or over HTTP
http         the ASGI application
config       what a domain's app is given
"""
