"""Pixel generation: draw images pixel by pixel, and finish half-drawn ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from annotated_types import Ge, Le

from deepzoo import Images, Kind, Metric, Prepared, Scores, Task, setting

from .plots import PLOTS

if TYPE_CHECKING:
    from deepzoo import Model, Splits


class PixelGeneration(Task):
    """Draw images pixel by pixel, each from those before it, and finish half-drawn ones."""

    name = "pixel-generation"
    kinds: ClassVar[tuple[type[Kind], ...]] = (Images,)
    default_model = "pixel-cnn"
    baselines = ("independent-pixels", "bernoulli-mixture", "nearest-neighbours")
    metrics: ClassVar[Mapping[str, Metric]] = {
        "nll": Metric("lower", "negative log-likelihood of an image in nats", ".2f", least=0),
        "bits_per_pixel": Metric("lower", "the same in bits per pixel", ".4f", least=0),
        "nll_of_half": Metric(
            "lower", "that of the lower half given the upper one, in nats", ".2f", least=0
        ),
        "legible": Metric(
            "higher",
            "share that a classifier recognises with at least 90 % confidence",
            ".1%",
            least=0,
            most=1,
            of="drawn images",
        ),
        "balance": Metric(
            "higher",
            "1 - total variation distance of their classes from those of the data",
            ".3f",
            least=0,
            most=1,
            of="drawn images",
        ),
        "nearest": Metric(
            "lower",
            "squared distance from the nearest training image",
            ".1f",
            least=0,
            of="drawn images",
        ),
    }
    loss = "sparse_categorical_crossentropy_from_logits"
    plots: ClassVar[Mapping[str, Callable[..., Any]]] = PLOTS

    levels: Annotated[int, Ge(2), Le(256)] = setting(2, "levels of grey; 2 is black and white")
    binarisation: Literal["sampled", "threshold"] = setting(
        "sampled", "a pixel is drawn by its intensity, or rounded; compare scores of one alone"
    )
    binarisation_seed: Annotated[int, Ge(0)] = setting(0, "seed of these draws")
    drawn: Annotated[int, Ge(0)] = setting(256, "images that are drawn to be scored; 0 draws none")

    def prepare(
        self, splits: Splits, model: Model, preprocessor: Mapping[str, Any] | None = None
    ) -> Prepared:
        """Turns images to grey, and their pixels to levels."""
        from .prepare import prepare

        seed = self.binarisation_seed if self.binarisation == "sampled" else None
        by_class = getattr(model, "by_class", False)
        return prepare(splits, self.levels, seed, by_class, preprocessor)

    def evaluate(self, network: Any, arrays: Any, prepared: Prepared) -> dict[str, Scores]:
        """Scores the likelihood of the test images, and images that the network draws."""
        from . import scoring

        scores = {}
        whole = hasattr(network, "draw")  # such a network has no likelihood
        if not whole:
            scores |= scoring.of_likelihood(network, arrays, prepared)
        if self.drawn and (whole or hasattr(network, "stepper")):
            scores |= scoring.judged(scoring.drawn(network, prepared, self.drawn), prepared)
        return scores

    def remarks(self, scores: Mapping[str, Scores], prepared: Prepared) -> list[str]:
        """Tells what the scores of drawn images are worth: what as many test images score."""
        from .scoring import remarks

        return remarks(prepared, self.drawn) if "nearest" in scores else []


TASKS: tuple[type[Task], ...] = (PixelGeneration,)
