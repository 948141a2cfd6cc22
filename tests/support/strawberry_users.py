"""A federated Strawberry schema. No postponed annotations: Strawberry reads them where they stand."""

import strawberry


@strawberry.federation.type(keys=["id"])
class User:
    id: strawberry.ID

    @strawberry.field
    def name(self) -> str:
        return f"user {self.id}"

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> "User":
        return cls(id=id)


@strawberry.type
class Query:
    @strawberry.field
    def me(self) -> User:
        return User(id=strawberry.ID("1"))


schema = strawberry.federation.Schema(Query)
