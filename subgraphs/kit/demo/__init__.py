"""The demo world that the domains fill, each its own part: people with interests, and events they hold.

world       sizes, ids and the present    people      who lives where and likes what
places      cities and their streets      gatherings  which events there are, and about what
postings    who writes which posts      galleries which pictures hang where
texts       reading what was written      pictures    drawing what is shown
"""

from subgraphs.kit.demo.world import SIZES, DemoSize, Row, Told, World, demo_id, demo_random, today

__all__ = ["SIZES", "DemoSize", "Row", "Told", "World", "demo_id", "demo_random", "today"]
