"""`/mcp`: published operations as tools of assistants (Model Context Protocol, Streamable HTTP).

at_need.py      the endpoint, loaded with the first request
oauth.py        where who has no key gets a token, and which scopes it needs
endpoint.py     one HTTP request: host, caller, origin, then the SDK; what became of it is observed
callers.py      who calls, and which operations of which schema that makes
tools.py        operations as tools
call.py         a call of a tool is an operation that goes through the pipeline as any other
server.py       the SDK's server: lists tools, calls them, says when they changed
running.py      the SDK's sessions and streams, from the first request to the router's end
doors.py        by which names and from which pages the router may be called
exchange.py     what of an exchange is ours: the request's id, its size, and an end when the server leaves

The SDK is the extra `plait[mcp]`, imported where `mcp.enabled` is on and somebody calls, and nowhere else.
"""
