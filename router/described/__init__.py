"""Published operations as those need them who call them without having written them: tools, pages, examples.

words.py        what an operation does and what its variables mean, in the words of its author or the schema
variables.py    the JSON schema of its variables
answer.py       the JSON schema of its answer
values.py       what scalars and enums are in JSON
operation.py    all of it, for a list of published operations and one schema
catalogue.py    … worked out once, and kept while neither changes
"""
