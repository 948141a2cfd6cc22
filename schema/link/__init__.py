"""What a schema links, under which names: Schema → Features, and the linked definitions added to the schema.

features.py     Feature, Features: names in the specification ↔ names in the schema
imports.py      reading @link(import:)
conflicts.py    links that would make a name mean two things
definitions.py  adding what a specification defines, or checking what the schema defines under its names
link_schema.py  all of it for one subgraph
"""
