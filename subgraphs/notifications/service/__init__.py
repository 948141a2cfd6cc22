"""The rules: `Inbox` (one's notifications), `Choices` (what one is told, where and when), `Devices` (on
which one is told), `Wording` (templates).
"""

from subgraphs.notifications.service.choices import Choices
from subgraphs.notifications.service.devices import Devices
from subgraphs.notifications.service.inbox import Inbox
from subgraphs.notifications.service.wording import Wording

__all__ = ["Choices", "Devices", "Inbox", "Wording"]
