"""What media does: takes uploads, makes variants of them, shows them to who may see them, forgets them.

Uploads     begun, resumed, completed; received through GraphQL
Library     one's own media: looked at, described, attached to posts, deleted
Grants      addresses of files: open ones, and signed ones for what is not for everybody
Rendering   the job that makes variants
Collecting  the jobs that take away what nobody needs
"""

from subgraphs.media.service.collecting import Collecting
from subgraphs.media.service.grants import Grants
from subgraphs.media.service.library import Library
from subgraphs.media.service.rendering import Rendering
from subgraphs.media.service.uploads import Uploads

__all__ = ["Collecting", "Grants", "Library", "Rendering", "Uploads"]
