"""The router beside other gateways: the same graph, the same operations, the same subgraph server."""
