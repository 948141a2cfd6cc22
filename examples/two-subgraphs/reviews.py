"""The second subgraph: it knows products by id alone, and adds their reviews. Its port is 4002."""

import strawberry
from strawberry.asgi import GraphQL


@strawberry.type
class Review:
    text: str
    stars: int


@strawberry.federation.type(keys=["id"])
class Product:
    id: strawberry.ID

    @strawberry.field
    def reviews(self) -> list[Review]:
        return REVIEWS.get(self.id, [])


REVIEWS = {strawberry.ID("1"): [Review(text="Boils in a minute.", stars=5), Review(text="Loud.", stars=3)]}


@strawberry.type
class Query:
    @strawberry.field
    def best_reviewed(self) -> Product:
        return Product(id=strawberry.ID("1"))


schema = strawberry.federation.Schema(query=Query, types=[Product])
app = GraphQL(schema)
