"""Both subgraphs and the router in one process: `uvicorn in_process:app --port 4000`."""

from products import schema as products
from reviews import schema as reviews

from plait import Router

router = Router.from_subgraphs({"products": products, "reviews": reviews})
app = router.asgi()
