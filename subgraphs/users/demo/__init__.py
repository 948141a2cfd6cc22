"""Demo accounts: people with interests who follow each other, and a login for each role."""

from subgraphs.users.demo.fill import planned, seed
from subgraphs.users.demo.logins import DEMO_PASSWORD, DemoLogin, demo_logins

__all__ = ["DEMO_PASSWORD", "DemoLogin", "demo_logins", "planned", "seed"]
