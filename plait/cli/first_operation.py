"""The operation a newcomer runs first: it crosses all four services. README.md shows the same one."""

FIRST_OPERATION = """\
query First {
  events(first: 3) {
    nodes {
      title
      startsAt
      host {
        displayName
        managedArtists(first: 1) {
          nodes {
            name
            albums(first: 1) { nodes { title tracks { title durationSeconds } } }
          }
        }
      }
      posts(first: 2) {
        nodes { content permalink author { username } }
      }
    }
  }
}
"""
