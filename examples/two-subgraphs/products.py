"""The first subgraph: it owns Product. Run it with `uvicorn products:app --port 4001`."""

import strawberry
from strawberry.asgi import GraphQL


@strawberry.federation.type(keys=["id"])
class Product:
    id: strawberry.ID
    name: str
    price_cents: int

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> "Product | None":
        return PRODUCTS.get(id)


PRODUCTS = {
    strawberry.ID("1"): Product(id=strawberry.ID("1"), name="Kettle", price_cents=3900),
    strawberry.ID("2"): Product(id=strawberry.ID("2"), name="Teapot", price_cents=2450),
}


@strawberry.type
class Query:
    @strawberry.field
    def products(self) -> list[Product]:
        return list(PRODUCTS.values())


schema = strawberry.federation.Schema(query=Query)
app = GraphQL(schema)
