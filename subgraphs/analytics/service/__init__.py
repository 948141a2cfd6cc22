"""What analytics does: takes views down, and says what happened within a time."""

from subgraphs.analytics.service.funnels import Funnels
from subgraphs.analytics.service.views import Views

__all__ = ["Funnels", "Views"]
