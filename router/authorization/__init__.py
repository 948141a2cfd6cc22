"""Who may ask for what: `@authenticated`, `@requiresScopes` and `@policy`, before anything is planned.

    requirements   supergraph → masks of types and fields, a bit for each distinct requirement
    collect        operation → the requirements it touches
    grant          claims, policies → those of them that are met
    deny           document → document without what is not granted
    restore        answer → answer with nulls and errors where something is missing
    visible        API schema → what a caller may see of it

docs/pipeline.md says how they stand among the stages.
"""
