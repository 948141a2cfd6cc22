"""How large an operation may be: counted when it is prepared, before anything works on it.

    count    operation → its depth, height, aliases, … with fragments counted wherever they are spread
    lists    the longest list of its literals; of a request's variables
    check    counts → what is beyond a limit

What stands in a fragment counts at every spread, as it would be executed. A bomb of fragments has numbers
that no limit allows and takes no longer to count than to read: each fragment is counted once.
"""
