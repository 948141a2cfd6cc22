"""The accounts to try: one for each part that can be played. All have one password, which is no secret."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from argon2.low_level import Type, hash_secret

from subgraphs.kit.config import PasswordCost
from subgraphs.kit.demo.people import Part, people
from subgraphs.users.demo.rows import usernames

DEMO_PASSWORD = "plait-demo-password"  # noqa: S105 -- printed by `plait up`

ABOUT = {
    Part.ADMINISTRATOR: "administrator: may change and delete what others made",
    Part.ARTIST_MANAGER: "manages an artist: updateArtistProfile, createAlbum",
    Part.HOST: "hosts events and has a draft: publishEvent, updateEvent, cancelEvent",
    Part.TEACHER: "teacher, by role TEACHER: today what a plain user can, more when the school comes",
    Part.STUDENT: "student, by role STUDENT: today what a plain user can, more when the school comes",
    Part.PLAIN_USER: "a plain user, private: acceptFollowRequest, unblockUser, createPost, attendEvent",
}


@dataclass(frozen=True, slots=True)
class DemoLogin:
    username: str
    password: str
    about: str


def demo_logins() -> tuple[DemoLogin, ...]:
    """The administrator first."""
    names = usernames(people(len(Part)))
    return tuple(DemoLogin(name, DEMO_PASSWORD, ABOUT[part]) for name, part in zip(names, Part, strict=True))


def password_hash() -> str:
    """One Argon2id hash for all, with a salt that is always the same: demo accounts have no secrets."""
    cost = PasswordCost()
    salt = hashlib.sha256(b"plait demo").digest()[:16]
    secret = DEMO_PASSWORD.encode()
    return hash_secret(secret, salt, cost.time, cost.memory_kib, cost.lanes, 32, Type.ID).decode()
