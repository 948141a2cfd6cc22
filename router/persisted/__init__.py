"""Operations that clients name instead of sending them.

manifest.py    what was published: Apollo manifests, Relay maps, folders of .graphql, codegen's output
store.py       a folder that operations are published to, and revoked from
folder.py      files replaced as a whole, one change at a time
publication.py what publishing and revoking do to a list, wherever it is kept
check.py       whether operations fit a supergraph: asked before they are published
lists.py       published operations by id, as a running router looks them up
apq.py         texts that clients sent before, by hash: in memory
redis_texts.py … and in Redis, for several routers
stage.py       the stage of the pipeline: an id becomes a text, or the request is refused
follow.py      sources that change while the router runs
"""
