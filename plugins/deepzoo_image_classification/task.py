"""Image classification: predict which class a small image belongs to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import typer

from deepzoo import Images, Kind, Metric, Prepared, Scores, Task, verb

from .plots import PLOTS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from deepzoo import Model, Run, Splits


class ImageClassification(Task):
    """Predict which class an image belongs to, after learning from labelled images."""

    name = "image-classification"
    kinds: ClassVar[tuple[type[Kind], ...]] = (Images,)
    default_for: ClassVar[tuple[type[Kind], ...]] = (Images,)
    default_model = "resnet-small"
    baselines = ("majority", "nearest-mean", "logistic-regression")
    metrics: ClassVar[Mapping[str, Metric]] = {
        "accuracy": Metric(
            "higher", "fraction of images that are classified correctly", ".2%", most=1
        ),
        "cross_entropy": Metric(
            "lower", "negative log-likelihood of the true class in nats", ".4f"
        ),
    }
    loss = "cross_entropy"
    plots: ClassVar[Mapping[str, Callable[..., Any]]] = PLOTS

    def prepare(
        self, splits: Splits, model: Model, preprocessor: Mapping[str, Any] | None = None
    ) -> Prepared:
        """Keeps images as bytes and describes the training images."""
        from .prepare import prepare

        return prepare(splits, model, preprocessor)

    def training_metrics(self, model: Model) -> list[Any]:
        """Follows accuracy, of smoothed targets too."""
        import keras

        return [keras.metrics.CategoricalAccuracy(name="accuracy")]

    def evaluate(self, network: Any, arrays: Any, prepared: Prepared) -> dict[str, Scores]:
        """Scores accuracy and cross-entropy, image by image."""
        from . import scoring

        probabilities, labels = scoring.of_bytes(network, arrays.inputs), arrays.targets
        return {
            "accuracy": Scores((probabilities.argmax(axis=1) == labels).astype(float)),
            "cross_entropy": Scores(scoring.cross_entropy(probabilities, labels)),
        }

    def remarks(self, scores: Mapping[str, Scores], prepared: Prepared) -> list[str]:
        """Names the three classes that are recognised worst."""
        labels, correct = prepared.test.targets, scores["accuracy"].values
        rows = [
            (correct[labels == label].mean(), name)
            for label, name in enumerate(prepared.preprocessor["classes"])
            if not correct[labels == label].all()
        ]
        worst = sorted(rows, key=lambda row: row[0])[:3]
        listed = ", ".join(f"{name} ({accuracy:.2%} right)" for accuracy, name in worst)
        return [f"Most misclassified: {listed}"] if worst else []

    def prepare_inputs(
        self, raw: Sequence[Any], preprocessor: Mapping[str, Any], spec: Mapping[str, Any]
    ) -> Any:
        """Reads photos and scales them, float32 [n, height, width, channels] from 0 to 1."""
        from .files.photos import read_photos
        from .linear import scaled

        return scaled(read_photos(raw, preprocessor))

    @verb(batched=True)
    def predict(
        self,
        run: Run,
        images: list[Path | Any],
        *,
        top: Annotated[int, typer.Option(min=1, help="how many classes to list")] = 3,
    ) -> list[dict[str, Any]]:
        """Predict the class of photos.

        Args:
            run: A trained run.
            images: Image files of any size, grey or colour, on a light or dark background.
            top: How many classes to list.

        Returns:
            For each image `label`, its `probability`, and the `probabilities` of the top classes.
        """
        from .inference import predict

        return predict(run, images, top)

    @verb(draws=True, reads_data=True)
    def feature_maps(self, run: Run, image: Path | Any) -> Figure:
        """Draw the feature maps of every convolution and pooling layer for a photo."""
        return run.plot("feature-maps", image)

    @verb(draws=True)
    def filters(self, run: Run) -> Figure:
        """Draw the filters of the first layer."""
        return run.plot("filters")

    @verb(reads_data=True)
    def per_class(self, run: Run) -> dict[str, Any]:
        """Score each class of the test split, the worst first.

        Returns:
            `classes` with `class`, `pictures`, `accuracy`, its 95 % `interval` and what it is
            `taken_for` most often; `names` and `confusion`, which counts how often each class
            (rows) was taken for each.
        """
        from .inference import predict_test_split
        from .scoring import by_class

        test = predict_test_split(run)
        rows = by_class(test.confusion, test.classes)
        return {"classes": rows, "names": test.classes, "confusion": test.confusion.tolist()}
