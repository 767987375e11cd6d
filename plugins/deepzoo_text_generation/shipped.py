"""The trained runs that come with this plugin; written by `deepzoo runs ship`."""

from __future__ import annotations

from pathlib import Path

from deepzoo import Shipped

TRAINED = Path(__file__).with_name("trained")
SHIPPED: tuple[Shipped, ...] = (
    Shipped(
        TRAINED / "tweets",
        task="text-generation",
        example='deepzoo generate "Today I will"',
        sha256={
            "run.json": "7320f88b4111555afa1adfe098a02d2e744c50bf5f710980cb55108b09b35245",
            "preprocessor.json": "53f080e3c8b8df0a69d9f16f7c63e7a12e5d1dc2e6488e786eadc28187381218",
            "history.json": "50d01a03a68d7df4c841381ac4c4d0d5b95526939ea3a1f47d7db5d47f140ffe",
            "metrics.json": "387c789f6c749780bc9b3edacdaa66e2e849548007be75d45a6061499e30633d",
            "weights.safetensors": "8000f37b8322a2461b5cc24ae3305456392e9ea74f4c64d06ee4c6ba3be1d32e",
        },
    ),
)
