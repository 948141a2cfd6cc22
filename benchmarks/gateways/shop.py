"""A shop in four subgraphs, with data that is the same in every run: accounts, products, inventory, reviews.

Every customer reviews every product, so the nested operation meets the same few entities many times: the
case where deduplicated representations and cheap merging show.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

CUSTOMERS = 6
PRODUCTS = 9
WIDE = 10_000
REVIEWS_PER_CUSTOMER = 5

LINK = """
extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.3",
        import: ["@key", "@external", "@requires", "@provides", "@shareable"])
"""

ACCOUNTS = (
    LINK
    + """
type Query { me: Customer  customer(id: ID!): Customer  customers: [Customer!] }
type Customer @key(fields: "id") { id: ID!  name: String  handle: String @shareable  joined: Int }
"""
)

PRODUCTS_SDL = (
    LINK
    + """
type Query { topProducts(first: Int! = 5): [Product!]  catalogue(first: Int!): [Product!] }
type Product @key(fields: "upc") { upc: String!  name: String  price: Int  weight: Int }
"""
)

INVENTORY = (
    LINK
    + """
type Product @key(fields: "upc") {
  upc: String!
  price: Int @external
  weight: Int @external
  inStock: Boolean
  delivery: Int @requires(fields: "price weight")
}
"""
)

REVIEWS = (
    LINK
    + """
type Review implements Opinion @key(fields: "id") {
  id: ID!
  text: String
  stars: Int
  author: Customer @provides(fields: "handle")
  product: Product
  subject: Subject
}
type Rating implements Opinion @key(fields: "id") {
  id: ID!
  stars: Int
  author: Customer @provides(fields: "handle")
  subject: Subject
}
interface Opinion { id: ID!  stars: Int  author: Customer  subject: Subject }
union Subject = Product | Customer
type Customer @key(fields: "id") {
  id: ID!
  handle: String @external
  reviews: [Review!]
  opinions: [Opinion!]
}
type Product @key(fields: "upc") { upc: String!  reviews: [Review!]  opinions: [Opinion!] }
"""
)

SUBGRAPHS = {"accounts": ACCOUNTS, "products": PRODUCTS_SDL, "inventory": INVENTORY, "reviews": REVIEWS}

NESTED = """
query Nested {
  customers {
    ...Customer
    reviews {
      ...Review
      product {
        ...Product
        reviews { ...Review author { ...Customer reviews { ...Review product { upc name } } } }
      }
    }
  }
  topProducts(first: 4) {
    ...Product
    reviews { ...Review author { ...Customer reviews { ...Review product { upc name } } } }
  }
}
fragment Customer on Customer { id name handle }
fragment Review on Review { id text stars }
fragment Product on Product { upc name price weight inStock delivery }
"""

CONDITION = NESTED.replace("Nested {", "Nested($x: Boolean!) {")
CONDITION = CONDITION.replace("delivery", "delivery @include(if: $x)")

ABSTRACT = """
query Abstract {
  customers {
    ...Customer
    opinions {
      ...Opinion
      subject {
        ...Subject
        ... on Product {
          opinions { ...Opinion author { ...Customer opinions { ...Opinion subject { ...Name } } } }
        }
      }
    }
  }
  topProducts(first: 4) {
    ...Product
    opinions { ...Opinion author { ...Customer opinions { ...Opinion subject { ...Name } } } }
  }
}
fragment Customer on Customer { id name handle }
fragment Opinion on Opinion { id stars ... on Review { text } }
fragment Product on Product { upc name price weight inStock delivery }
fragment Subject on Subject { ...Product ... on Customer { name } }
fragment Name on Subject { ... on Product { upc name } ... on Customer { name } }
"""
"""The nested operation over an interface and a union: every third opinion is a rating, about a customer."""

SMALL = "query Small($id: ID!) { customer(id: $id) { id name handle joined } }"
WIDE_LIST = f"query Wide {{ catalogue(first: {WIDE}) {{ upc name price inStock }} }}"


@dataclass(frozen=True, slots=True)
class Case:
    """`answer` is roughly what comes back; `connections` are instead of those of the command line."""

    name: str
    query: str
    variables: dict[str, Any]
    answer: str
    connections: int | None = None


CASES = (
    Case("nested", NESTED, {}, "four subgraphs, five levels"),
    Case("condition", CONDITION, {"x": True}, "the same, one field under @include"),
    Case("abstract", ABSTRACT, {}, "the same shape over an interface and a union"),
    Case("fifty", NESTED, {}, "the nested operation at 50 connections, for the memory", connections=50),
    Case("small", SMALL, {"id": "1"}, "one fetch"),
    Case("wide", WIDE_LIST, {}, f"{WIDE:,} entities from two subgraphs", connections=4),
)

Resolver = Callable[[dict[str, Any], dict[str, Any]], Any]
"""From the parent object and the arguments to the value."""


def customer(number: int) -> dict[str, Any]:
    return {
        "__typename": "Customer",
        "id": str(number),
        "name": f"Customer number {number}",
        "handle": f"@customer{number}",
        "joined": 2000 + number % 25,
    }


def product(number: int) -> dict[str, Any]:
    return {
        "__typename": "Product",
        "upc": str(number),
        "name": f"Product number {number} of the catalogue",
        "price": 10 + number * 7 % 1000,
        "weight": 100 + number * 13 % 900,
        "inStock": number % 3 != 0,
    }


def review(number: int) -> dict[str, Any]:
    texts = (
        "Would buy it again.",
        "Arrived late, works well.",
        "Not what I expected.",
        "A gift, well received.",
    )
    return {
        "__typename": "Review",
        "id": str(number),
        "text": texts[number % len(texts)],
        "stars": 1 + number % 5,
        "author": customer(1 + (number - 1) // REVIEWS_PER_CUSTOMER % CUSTOMERS),
        "product": product(1 + (number * 5 + number // 3) % PRODUCTS),
    }


ALL_REVIEWS = [review(number) for number in range(1, 1 + CUSTOMERS * REVIEWS_PER_CUSTOMER)]


def reviews_by(field: str, key: str) -> Resolver:
    def resolve(parent: dict[str, Any], _: dict[str, Any]) -> list[dict[str, Any]]:
        return [each for each in ALL_REVIEWS if each[field][key] == parent[key]]

    return resolve


def opinions_by(field: str, key: str) -> Resolver:
    """The reviews, every third as a rating of its author."""
    reviews = reviews_by(field, key)

    def resolve(parent: dict[str, Any], arguments: dict[str, Any]) -> list[dict[str, Any]]:
        return [
            each | {"__typename": "Rating", "subject": each["author"]}
            if int(each["id"]) % 3 == 0
            else each | {"subject": each["product"]}
            for each in reviews(parent, arguments)
        ]

    return resolve


def delivery(parent: dict[str, Any], _: dict[str, Any]) -> int:
    return 0 if parent["price"] > 500 else parent["weight"] // 10


RESOLVERS: dict[str, Resolver] = {
    "Query.me": lambda parent, arguments: customer(1),
    "Query.customer": lambda parent, arguments: customer(int(arguments["id"])),
    "Query.customers": lambda parent, arguments: [customer(n) for n in range(1, CUSTOMERS + 1)],
    "Query.topProducts": lambda parent, arguments: [product(n) for n in range(1, arguments["first"] + 1)],
    "Query.catalogue": lambda parent, arguments: [product(n) for n in range(1, arguments["first"] + 1)],
    "Customer.reviews": reviews_by("author", "id"),
    "Customer.opinions": opinions_by("author", "id"),
    "Product.reviews": reviews_by("product", "upc"),
    "Product.opinions": opinions_by("product", "upc"),
    "Product.delivery": delivery,
}

ENTITIES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "Customer": lambda key: customer(int(key["id"])),
    "Product": lambda key: product(int(key["upc"])) | key,
    "Review": lambda key: ALL_REVIEWS[int(key["id"]) - 1],
}
"""From a representation to the object; fields that came along with `@requires` win."""
