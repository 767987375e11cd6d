"""What the tests of addition share: few sums, small networks."""

from __future__ import annotations

FEW = {
    "examples": 600,
    "validation_examples": 60,
    "test_examples": 60,
    "longer_examples": 20,
    "digits": 2,
}
BITS = {
    "base": 2,
    "digits": 4,
    "draw": "values",
    "distinct": False,
    "examples": 1500,
    "validation_examples": 10,
    "test_examples": 20,
    "longer_examples": 10,
}
SPEC = {
    "base": 2,
    "signs": "+",
    "digits": 4,
    "encoding": "columns",
    "reverse": False,
    "seed": 0,
    "batch_size": 1,
}
