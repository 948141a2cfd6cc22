"""How the router reaches a subgraph: over HTTP, in an ASGI app, or in process, behind one Protocol."""
