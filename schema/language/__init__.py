"""GraphQL's type system language, read fast.

    text ──tokens──> [str] ──parser──> Document (definitions, as written) ──schema.build──> Schema

A composer reads megabytes of SDL and asks for the place of a node only when something is wrong. So a token
is a bare string, a node's place is the index of its first token, and lines are counted when an error needs
one.
"""
