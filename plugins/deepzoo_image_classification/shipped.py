"""The trained runs that come with this plugin; written by `deepzoo runs ship`."""

from __future__ import annotations

from pathlib import Path

from deepzoo import Shipped

TRAINED = Path(__file__).with_name("trained")
SHIPPED: tuple[Shipped, ...] = (
    Shipped(
        TRAINED / "mnist",
        task="image-classification",
        example="deepzoo predict mnist photo.png",
        sha256={
            "run.json": "3b441c84a06d285bd8552835ff36b7670bf14aad3e99c336d27958169936c649",
            "preprocessor.json": "883dba24ca15327b3076c2de626370c455a48868ae7ad42d760cfcdcb26d10ee",
            "history.json": "eaae11af4227b043beca70ab529396fe2061d4a01f0743147d5878db5ee33298",
            "metrics.json": "9de4b0b71eebeab3132917e5198d2d6625ad25f4869278ef909f56d8eb78e390",
            "weights.safetensors": "ded617b49c4433fbfcafc45924efc9ed4aaf6af5509bc280098fab10dfa02d07",
        },
    ),
)
