"""What `plait compose` does and says: one attempt at composing, and the forms it is told in.

attempt.py    configuration → SDLs → composition, or why not
findings.py   what was found, by file: for forms that machines read
text.py json.py github.py sarif.py   the forms
differences.py watch.py   what changed since the last time
"""
