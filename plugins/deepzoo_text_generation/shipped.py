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
            "run.json": "c56299160049033e21ae76c8573ad674f298f93bafd849f152816c0421e93935",
            "preprocessor.json": "0f1f7163ffc40ce94b64eb7aa8751735194de549f24c4184df049359913cc48c",
            "history.json": "03fda7249fc9c687c312277acc9bc2d749f4ae64be0bd6e97a4d9cbbb21b1114",
            "metrics.json": "c9c9322465124af496dcb1994cd537e3684ca03291c821cfaa508330c93edf3e",
            "weights.safetensors": "86875751858ef79ef691c16373b9ca8fbee5db7d5d78219feabba0742f38e99a",
        },
    ),
)
