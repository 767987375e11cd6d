"""Pixel generation: draw images pixel by pixel, and finish half-drawn ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import typer
from annotated_types import Ge, Le

from deepzoo import Images, Kind, Metric, Prepared, Scores, Task, setting, verb

from .plots import PLOTS

if TYPE_CHECKING:
    from deepzoo import Model, Run, Splits


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

    def prepare_inputs(
        self, raw: Sequence[Any], preprocessor: Mapping[str, Any], spec: Mapping[str, Any]
    ) -> Any:
        """Reads images in the size of the run as levels of grey, int32 [n, height, width]."""
        from .prepare import fitted, quantise

        return quantise(fitted(raw, preprocessor), spec["levels"])

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
        animate: Annotated[bool, typer.Option(help="show how rows are drawn, one by one")] = False,
        seed: Annotated[int | None, typer.Option(min=0, help="seed of the drawing")] = None,
    ) -> Any:
        """Draw images pixel by pixel.

        Args:
            run: A trained run.
            n: Number of images, which are laid out in a square.
            label: The class to draw; by default each class is drawn as often as it was seen.
            temperature: Divides the logits: below 1 more conservative, above 1 more diverse.
            animate: Return an animation, a GIF file, in which the images appear row by row.
            seed: The same seed gives the same images; without one, a seed is drawn.
        """
        from .inference import generate

        return generate(run, n, label, temperature, seed, animate)

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
