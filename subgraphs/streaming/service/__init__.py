"""What streaming does: hands out the sound, takes down what was listened to, says what it came to."""

from subgraphs.streaming.service.counts import Counts
from subgraphs.streaming.service.payouts import Payouts
from subgraphs.streaming.service.plays import Plays
from subgraphs.streaming.service.streams import Grant, Streams

__all__ = ["Counts", "Grant", "Payouts", "Plays", "Streams"]
