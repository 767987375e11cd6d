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
            "metrics.json": "63be4f3558ec1ee9b8c0ec77cbd13dd83dd0789893dc568f550158dcfa0903e5",
            "weights.safetensors": "3acf76446fe70b5e1ccdfe08f145fc869b264f1b73bc375b785f7478cdda1a08",
        },
    ),
)
