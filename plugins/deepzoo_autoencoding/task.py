"""Two tasks: compress images to a few numbers and restore them; clean noisy pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import typer
from annotated_types import Ge, MultipleOf

from deepzoo import ImagePairs, Images, Kind, Metric, Prepared, Scores, Task, setting, verb

from .plots import IMAGE_PLOTS, PAGE_PLOTS

if TYPE_CHECKING:
    from deepzoo import Model, Run, Splits


class Autoencoding(Task):
    """Compress images to a few numbers, their code, and restore them from it."""

    name = "autoencoding"
    kinds: ClassVar[tuple[type[Kind], ...]] = (Images,)
    default_model = "compressor-mlp"
    baselines = ("pca",)
    metrics: ClassVar[Mapping[str, Metric]] = {
        "cross_entropy": Metric("lower", "binary cross-entropy per pixel in nats", ".4f", least=0),
        "mse": Metric("lower", "mean squared error of pixels from 0 to 1", ".5f", least=0),
        "psnr": Metric("higher", "peak signal-to-noise ratio in decibels", ".2f"),
        "ssim": Metric("higher", "structural similarity to the original", ".4f", most=1),
        "probe_accuracy": Metric(
            "higher", "accuracy of a linear classifier of the codes", ".2%", least=0, most=1
        ),
        "knn_accuracy": Metric(
            "higher", "accuracy of the five nearest training codes", ".2%", least=0, most=1
        ),
    }
    loss = "binary_crossentropy"
    plots: ClassVar[Mapping[str, Callable[..., Any]]] = IMAGE_PLOTS

    code: Annotated[int, Ge(1)] = setting(32, "how many numbers the code of an image has")

    def prepare(
        self, splits: Splits, model: Model, preprocessor: Mapping[str, Any] | None = None
    ) -> Prepared:
        """Keeps images as bytes, which are inputs and targets."""
        from .prepare import prepare

        return prepare(splits, self.code, preprocessor)

    def training_metrics(self, model: Model) -> list[Any]:
        """Follows the cross-entropy alone, where the loss has more terms."""
        import keras

        return [keras.metrics.BinaryCrossentropy(name="cross_entropy")]

    def evaluate(self, network: Any, arrays: Any, prepared: Prepared) -> dict[str, Scores]:
        """Scores how the test images are restored, and what codes tell of the classes."""
        from . import scoring

        measured = scoring.reconstructions(network, arrays)
        scores = {name: Scores(values) for name, values in measured.items()}
        scores["psnr"] = scoring.psnr(measured["mse"])
        if hasattr(network, "encode"):
            scores |= scoring.of_codes(network, prepared.train, arrays)
        return {name: scores[name] for name in self.metrics if name in scores}

    def prepare_inputs(
        self, raw: Sequence[Any], preprocessor: Mapping[str, Any], spec: Mapping[str, Any]
    ) -> Any:
        """Reads images in the size of the run, float32 from 0 to 1."""
        from .prepare import read_images, scaled

        return scaled(read_images(raw, preprocessor))

    @verb(draws=True)
    def predict(self, run: Run, image: Path | Any) -> Any:
        """Draw what is restored from the code of an image.

        Args:
            run: A trained run.
            image: An image file of any size.
        """
        from .prepare import as_bytes

        return as_bytes(run.network_for(1).predict(run.prepare_inputs([image]))[0])

    @verb(batched=True)
    def encode(self, run: Run, images: list[Path | Any]) -> list[dict[str, float]]:
        """Compress images to their codes.

        Args:
            run: A trained run.
            images: Image files of any size.

        Returns:
            For each image the numbers of its code, `c1`, `c2` and so on.
        """
        from .inference import encoder

        encoded = encoder(run, len(images)).encode(run.prepare_inputs(images))
        return [{f"c{n}": float(value) for n, value in enumerate(row, 1)} for row in encoded]

    @verb(draws=True, run_optional=True)
    def generate(
        self,
        run: Run,
        *,
        n: Annotated[int, typer.Option("-n", min=1, max=1000, help="number of images")] = 25,
        seed: Annotated[int | None, typer.Option(min=0, help="seed of the codes")] = None,
    ) -> Any:
        """Draw images of random codes, with a variational autoencoder.

        Args:
            run: A trained run.
            n: Number of images, which are laid out in a square.
            seed: The same seed gives the same images; without one, a seed is drawn.
        """
        from .inference import generate

        return generate(run, n, seed)


class Denoising(Task):
    """Clean pages: remove stains, folds, shadows and the grey of the paper."""

    name = "denoising"
    kinds: ClassVar[tuple[type[Kind], ...]] = (ImagePairs,)
    default_for: ClassVar[tuple[type[Kind], ...]] = (ImagePairs,)
    default_model = "page-unet"
    baselines = ("identity", "median-background", "adaptive-threshold")
    metrics: ClassVar[Mapping[str, Metric]] = {
        "rmse": Metric("lower", "root mean squared error of pixels from 0 to 1", ".4f", least=0),
        "psnr": Metric("higher", "peak signal-to-noise ratio in decibels", ".2f"),
        "ssim": Metric("higher", "structural similarity to the clean page", ".4f", most=1),
    }
    loss = "binary_crossentropy"
    plots: ClassVar[Mapping[str, Callable[..., Any]]] = PAGE_PLOTS

    patch: Annotated[int, Ge(16), MultipleOf(16)] = setting(
        160, "height and width of the patches that are cut out of pages for training"
    )

    def prepare(
        self, splits: Splits, model: Model, preprocessor: Mapping[str, Any] | None = None
    ) -> Prepared:
        """Cuts the pages of training and validation into patches."""
        from .prepare import prepare_pages

        return prepare_pages(splits, self.patch, preprocessor)

    def training_metrics(self, model: Model) -> list[Any]:
        """Follows the error of patches."""
        import keras

        return [keras.metrics.RootMeanSquaredError(name="rmse")]

    def evaluate(self, network: Any, arrays: Any, prepared: Prepared) -> dict[str, Scores]:
        """Scores each page of the test split as a whole."""
        from .scoring import of_pages

        return of_pages(network, arrays)

    def prepare_inputs(
        self, raw: Sequence[Any], preprocessor: Mapping[str, Any], spec: Mapping[str, Any]
    ) -> Any:
        """Reads pages in grey, a list of uint8 [height, width]: each has its own size."""
        from .inference import read_page

        return [read_page(page) for page in raw]

    @verb(draws=True)
    def predict(
        self,
        run: Run,
        page: Path | Any,
        *,
        scale: Annotated[
            float, typer.Option(min=0.01, max=1, help="size to which the page is reduced first")
        ] = 1.0,
    ) -> Any:
        """Clean a page of any size.

        Args:
            run: A trained run.
            page: An image file, grey or colour; the clean page is grey.
            scale: Size of the clean page as a fraction of that of the page, which is reduced
                before it is cleaned. In large photos that are a little out of focus, letters stay
                whole where it is 0.5 or less.
        """
        from .inference import clean_page, reduced

        return clean_page(run.network_for(1), reduced(run.prepare_inputs([page])[0], scale))


TASKS: tuple[type[Task], ...] = (Autoencoding, Denoising)
