"""The rules: `Inbox` (one's notifications), `Choices` (what one is told, where and when), `Wording`
(templates).
"""

from subgraphs.notifications.service.choices import Choices
from subgraphs.notifications.service.inbox import Inbox
from subgraphs.notifications.service.wording import Wording

__all__ = ["Choices", "Inbox", "Wording"]
