"""From a file that somebody uploaded to the files that are kept. No store, no database: folders in and out.

sniff      what its content is, by its first bytes
picture    variants of a picture, in a process of its own (`drawing`), with bounds
video      the video without what its camera noted, and its poster
limits     how much of everything
faults     why a file is refused, for who uploaded it
"""
