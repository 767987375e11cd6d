"""Pixel generation: draw images pixel by pixel, and finish half-drawn ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import typer
from annotated_types import Ge, Le

from deepzoo import Images, Kind, Metric, Prepared, Scores, Task, setting, verb

if TYPE_CHECKING:
    from deepzoo import Model, Run, Splits


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

        nll = scoring.negative_log_likelihood(network, arrays, prepared.preprocessor["shares"])
        return {"nll": Scores(nll), "bits_per_pixel": Scores(scoring.bits_per_pixel(nll, arrays))}

    def prepare_inputs(
        self, raw: Sequence[Any], preprocessor: Mapping[str, Any], spec: Mapping[str, Any]
    ) -> Any:
        """Reads images in the size of the run as levels of grey, int32 [n, height, width]."""
        from .inference import read_levels

        return read_levels(raw, preprocessor, spec["levels"])

    @verb(draws=True, run_optional=True)
    def generate(
        self,
        run: Run,
        *,
        n: Annotated[int, typer.Option("-n", min=1, max=1000, help="number of images")] = 64,
        label: Annotated[str | None, typer.Option(help="draw this class alone, such as 7")] = None,
        temperature: Annotated[
            float,
            typer.Option(min=0.01, max=100, help="below 1 cleaner images, above 1 wilder ones"),
        ] = 1.0,
        seed: Annotated[int | None, typer.Option(min=0, help="seed of the drawing")] = None,
    ) -> Any:
        """Draw images pixel by pixel.

        Args:
            run: A trained run.
            n: Number of images, which are laid out in a square.
            label: The class to draw; by default each class is drawn as often as it was seen.
            temperature: Divides the logits: below 1 more conservative, above 1 more diverse.
            seed: The same seed gives the same images; without one, a seed is drawn.
        """
        from .inference import generate

        return generate(run, n, label, temperature, seed)

    @verb(draws=True)
    def predict(
        self,
        run: Run,
        image: Path | Any,
        *,
        keep: Annotated[
            Literal["top", "bottom", "left", "right"], typer.Option(help="the half that stays")
        ] = "top",
        n: Annotated[int, typer.Option("-n", min=1, max=32, help="number of completions")] = 8,
        label: Annotated[
            str | None, typer.Option(help="the class of the image; by default it is guessed")
        ] = None,
        seed: Annotated[int | None, typer.Option(min=0, help="seed of the drawing")] = None,
    ) -> Any:
        """Finish half an image in several ways.

        The picture has in a row the half that stays, the completions, and the whole image. An
        image of another size is fitted in whole; colours become grey: 0.299 red + 0.587 green +
        0.114 blue.

        Args:
            run: A trained run.
            image: An image file. One of another size is also inverted, if its border is light
                where that of training images is dark.
            keep: The half that stays; what the other one shows does not matter.
            n: Number of completions. Each is chosen from 60 candidates by how well the half
                that stays fits them.
            label: The class of the image.
            seed: The same seed gives the same completions; without one, a seed is drawn.
        """
        from .inference import predict

        return predict(run, image, keep, n, label, seed)


TASKS: tuple[type[Task], ...] = (PixelGeneration,)
