"""People of the school, who do everything through the graph; what a test is not about is done for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.subgraphs.mesh import Mesh, Person

LOGIN = "mutation($input: LoginInput!) { login(input: $input) { login { accessToken } } }"
ROLES = """INSERT INTO user_roles (user_id, role_id)
    SELECT CAST(:user AS uuid), id FROM roles WHERE name = :role"""


@dataclass(frozen=True)
class Member:
    """Somebody with an account on Telegram, as who they are in the school."""

    person: Person
    number: str
    id: str = ""
    """Of the teacher or the student."""

    @property
    def headers(self) -> Mapping[str, str]:
        return {"authorization": f"Bearer {self.person.access}"}

    async def denied(self, mutation: str, /, **given: Any) -> str:
        """The code of the only GraphQL error of a mutation that nobody can act on."""
        kind = f"{mutation[0].upper()}{mutation[1:]}Input"
        query = f"mutation($input: {kind}!) {{ {mutation}(input: $input) {{ errors {{ code }} }} }}"
        operation = {"query": query, "variables": {"input": given}}
        answer = await self.person.mesh.router.execute(operation, headers=dict(self.headers))
        (error,) = answer["errors"]
        return str(error["extensions"]["code"])


async def join(mesh: Mesh, name: str, number: int, *roles: str) -> Member:
    """An account with this number on Telegram and these roles."""
    person = await mesh.sign_up(name)
    link = "UPDATE users SET telegram_id = :number WHERE id = CAST(:user AS uuid)"
    await mesh.run("users", link, number=number, user=person.id)
    for role in roles:
        await mesh.run("users", ROLES, user=person.id, role=role)
    given = {"usernameOrEmail": name, "password": "correct horse"}
    login = (await mesh.ask(LOGIN, input=given))["login"]["login"]
    return Member(Person(mesh, person.id, login["accessToken"]), str(number))


async def administrator(mesh: Mesh, number: int = 900) -> Member:
    return await join(mesh, f"admin{number}", number, "ROLE_ADMIN")


async def teacher(
    mesh: Mesh, name: str = "tess", number: int = 101, *, known: bool = True, **given: Any
) -> Member:
    """`known` to the whole school, unless the test sees to that itself."""
    joined = await join(mesh, name, number, "ROLE_TEACHER")
    made = await joined.person.act("createTeacher", "teacher { id }", **{"displayName": name, **given})
    if known:
        await mesh.settle()
    return Member(joined.person, joined.number, made["teacher"]["id"])


async def student(
    mesh: Mesh, name: str = "stan", number: int = 201, *, known: bool = True, **given: Any
) -> Member:
    """`known` to the whole school, unless the test sees to that itself."""
    joined = await join(mesh, name, number, "ROLE_STUDENT")
    made = await joined.person.act("createStudent", "student { id }", **{"displayName": name, **given})
    if known:
        await mesh.settle()
    return Member(joined.person, joined.number, made["student"]["id"])
