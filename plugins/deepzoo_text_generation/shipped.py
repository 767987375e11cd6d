"""The trained runs that come with this plugin, with the hash of each of their files.

Written by `scripts/ship_run.py`; the command that trained a run is in its `run.json`.
"""

from __future__ import annotations

from deepzoo import Shipped

SHIPPED: dict[str, Shipped] = {
    "tweets": Shipped(
        "trained/tweets",
        {
            "run.json": "9912f85a211c1e820896453b952118a09f6d6375bbe3225af453a10fda89710b",
            "preprocessor.json": "53f080e3c8b8df0a69d9f16f7c63e7a12e5d1dc2e6488e786eadc28187381218",
            "history.json": "82c93c351a5db5650f167ad800cfcd2247671dae204c2b6e7b6ab5f1a8dbe698",
            "metrics.json": "c4c972333c9fcb2f80f88ae690a139915d6222478993ec0693a769ef929f85ca",
            "weights.safetensors": "1cef0eff7c2c9f24b3ab4beed421b73a4555424215820329ce7b5c7fc4de92ed",
        },
    ),
}
