"""The trained runs that come with this plugin; written by `deepzoo runs ship`."""

from __future__ import annotations

from pathlib import Path

from deepzoo import Shipped

TRAINED = Path(__file__).with_name("trained")
SHIPPED: tuple[Shipped, ...] = (
    Shipped(
        TRAINED / "english-dutch",
        task="translation",
        example='deepzoo predict english-dutch "Where is the station?"',
        sha256={
            "run.json": "882670c21d299e5e19d31e076e16f187f28dd7379408e40fc7d1fd7d121c8eed",
            "preprocessor.json": "72db3c6994385122b00fad00999e08af73d2c0ae81aaa3b086c88fba844d8bae",
            "history.json": "e1ceae94b3332bad21473e422536f3a56cf294b6df3b427aea43e78506d10901",
            "metrics.json": "bc4d2fc5cb2823c65d0950611bc65f4d514d82890fdaccd9ab1090c0a56e45a9",
            "weights.safetensors": "3657c3831b42965777d9a4bbb1e1aaccbe7ec73eef6e82d1eb270e19fadeedba",
        },
    ),
)
