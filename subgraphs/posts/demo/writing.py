"""Sentences to posts: an opening, one or two details and as a rule an ending, all of one topic and language.

The sentences of a topic are written so that any of them fit together. `Writer` goes through the combinations
in an order of its own, so that no text comes twice before all have come once.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import permutations

from subgraphs.kit.demo import demo_random
from subgraphs.kit.demo.gatherings import Stage
from subgraphs.kit.demo.places import City
from subgraphs.kit.demo.texts import read_texts


class Writer:
    """Remembers what it has written."""

    def __init__(self) -> None:
        self._written: Counter[tuple[str, str]] = Counter()

    def about(self, topic: str, city: City) -> str:
        openings, rests = _material(topic, city.language)
        count = self._count(topic, city.language)
        place, round_ = count % len(openings), count // len(openings)
        rest = rests[(round_ + place * len(rests) // len(openings)) % len(rests)]
        return city.fill(f"{openings[place]} {rest}")

    def about_event(self, stage: Stage, city: City) -> str:
        leads = _leads(stage, city.language)
        return leads[self._count(stage.value, city.language) % len(leads)]

    def _count(self, subject: str, language: str) -> int:
        self._written[subject, language] += 1
        return self._written[subject, language] - 1


@cache
def _material(topic: str, language: str) -> tuple[list[str], list[str]]:
    """The openings, and everything that may follow one, shuffled."""
    texts = _file(topic)[language]
    details = [*texts["details"], *(" ".join(pair) for pair in permutations(texts["details"], 2))]
    rests = [f"{detail} {ending}".strip() for detail in details for ending in ("", *texts["endings"])]
    demo_random(f"material {topic} {language}").shuffle(rests)
    return list(texts["openings"]), rests


@cache
def _leads(stage: Stage, language: str) -> list[str]:
    texts = _file("about_events")[language]
    tails = ("", *texts["tails"]) if stage is Stage.UPCOMING else ("",)
    leads = [f"{lead} {tail}".strip() for tail in tails for lead in texts[stage.value]]
    demo_random(f"leads {stage.value} {language}").shuffle(leads)
    return leads


@cache
def _file(name: str) -> dict[str, dict[str, list[str]]]:
    return dict(read_texts(__package__, name))
