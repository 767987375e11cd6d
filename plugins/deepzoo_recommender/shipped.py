"""The trained runs that come with this plugin; written by `deepzoo runs ship`."""

from __future__ import annotations

from pathlib import Path

from deepzoo import Shipped

TRAINED = Path(__file__).with_name("trained")
SHIPPED: tuple[Shipped, ...] = (
    Shipped(
        TRAINED / "groceries",
        task="recommender",
        example='deepzoo predict groceries "soda, beef"',
        sha256={
            "run.json": "4f849f4783d2cf5ac5403dd4fb05e3d009983bcd3390c11aa52b35c0f85a9d48",
            "preprocessor.json": "4c2ca8d7004b8f1da3f47960bf90ae8b87d57fd78feee0c6af1d81c5c0aae4de",
            "history.json": "0650de2d0ba5d98b5d09719acee9f0d5310478ebb4631bd0e8a52fe3f11a9a7f",
            "metrics.json": "33e0af43fcc98af9db09473503f588e4d6376c59363ca3f74946f88725f8058d",
            "weights.safetensors": "82034dc4051b2e8e7795824253a3900eafd558cd161c5a9218b9291554076499",
        },
    ),
)
