"""What the groups domain does."""

from subgraphs.groups.service.groups import Groups
from subgraphs.groups.service.invitations import Invitations
from subgraphs.groups.service.members import Members

__all__ = ["Groups", "Invitations", "Members"]
