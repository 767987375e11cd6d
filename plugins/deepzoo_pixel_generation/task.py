"""Pixel generation: draw images pixel by pixel, and finish half-drawn ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from annotated_types import Ge, Le

from deepzoo import Images, Kind, Metric, Prepared, Scores, Task, setting

if TYPE_CHECKING:
    from deepzoo import Model, Splits


class PixelGeneration(Task):
    """Draw images pixel by pixel, each from those before it, and finish half-drawn ones."""

    name = "pixel-generation"
    kinds: ClassVar[tuple[type[Kind], ...]] = (Images,)
    default_model = "pixel-cnn"
    metrics: ClassVar[Mapping[str, Metric]] = {
        "nll": Metric("lower", "negative log-likelihood of an image in nats", ".2f"),
        "bits_per_pixel": Metric("lower", "the same in bits per pixel", ".4f"),
    }
    loss = "sparse_categorical_crossentropy_from_logits"

    levels: Annotated[int, Ge(2), Le(256)] = setting(2, "levels of grey; 2 is black and white")
    binarisation: Literal["sampled", "threshold"] = setting(
        "sampled", "a pixel is drawn by its intensity, or rounded; compare scores of one alone"
    )
    binarisation_seed: Annotated[int, Ge(0)] = setting(0, "seed of these draws")

    def prepare(
        self, splits: Splits, model: Model, preprocessor: Mapping[str, Any] | None = None
    ) -> Prepared:
        """Turns images to grey, and their pixels to levels."""
        from .prepare import prepare

        sampled = self.binarisation == "sampled"
        return prepare(
            splits, self.levels, self.binarisation_seed if sampled else None, preprocessor
        )

    def evaluate(self, network: Any, arrays: Any, prepared: Prepared) -> dict[str, Scores]:
        """Scores the likelihood of the test images."""
        from . import scoring

        if hasattr(network, "draw"):  # it has no likelihood
            return {}
        nll = scoring.negative_log_likelihood(network, arrays, prepared.preprocessor["shares"])
        return {"nll": Scores(nll), "bits_per_pixel": Scores(scoring.bits_per_pixel(nll, arrays))}


TASKS: tuple[type[Task], ...] = (PixelGeneration,)
