"""The specifications a schema can @link: what each defines, one file per specification.

`registry.find(url)` answers for the versions we know. A specification knows its directives and types in the
words of the specification; under which names they live in a schema is `schema.link`'s business.
"""
