"""The trained runs that come with this plugin, with the hash of each of their files.

Written by `scripts/ship_run.py`; the command that trained a run is in its `run.json`.
"""

from __future__ import annotations

from deepzoo import Shipped

SHIPPED: dict[str, Shipped] = {
    "tweets": Shipped(
        "trained/tweets",
        {
            "run.json": "05e116491ff93891011a4d081b52f1b07711d489db74b26cfa29bc149e0fa17f",
            "preprocessor.json": "53f080e3c8b8df0a69d9f16f7c63e7a12e5d1dc2e6488e786eadc28187381218",
            "history.json": "50d01a03a68d7df4c841381ac4c4d0d5b95526939ea3a1f47d7db5d47f140ffe",
            "metrics.json": "387c789f6c749780bc9b3edacdaa66e2e849548007be75d45a6061499e30633d",
            "weights.safetensors": "8000f37b8322a2461b5cc24ae3305456392e9ea74f4c64d06ee4c6ba3be1d32e",
        },
    ),
}
