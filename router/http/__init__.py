"""The router on the network: the only part that knows HTTP, ASGI and Starlette."""
