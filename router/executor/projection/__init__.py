"""From merged data to the answer: the operation's fields in its order, checked against the API schema.

shape.py      what the answer looks like for one set of @skip/@include values
generate.py   that shape as generated code: the way taken when the data fits it
complete.py   that shape walked step by step, with paths and null propagation: taken when it does not
projection.py picks the shape for the variables, tries the first and falls back on the second
"""

from router.executor.projection.projection import Projection, ResponseData

__all__ = ["Projection", "ResponseData"]
