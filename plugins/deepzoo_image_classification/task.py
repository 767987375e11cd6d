"""Image classification: say which class a small picture belongs to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import typer

from deepzoo import Images, Kind, Metric, Prepared, Scores, Task, verb

from .plots import PLOTS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from deepzoo import Model, Run, Splits

Option = typer.Option


class ImageClassification(Task):
    """Say which class a picture belongs to, after learning from labelled pictures."""

    name = "image-classification"
    kinds: ClassVar[tuple[type[Kind], ...]] = (Images,)
    default_for: ClassVar[tuple[type[Kind], ...]] = (Images,)
    default_model = "resnet-small"
    baselines = ("majority", "nearest-mean", "logistic-regression")
    metrics: ClassVar[Mapping[str, Metric]] = {
        "accuracy": Metric("higher", "share of pictures whose class was recognised", ".2%", most=1),
        "cross_entropy": Metric("lower", "surprise at the true class in nats", ".4f"),
    }
    loss = "cross_entropy"
    plots: ClassVar[Mapping[str, Callable[..., Any]]] = PLOTS

    def prepare(self, splits: Splits, model: Model) -> Prepared:
        """Keeps pictures as bytes and describes the training pictures."""
        from .prepare import prepare

        return prepare(splits, model)

    def training_metrics(self, model: Model) -> list[Any]:
        """Follows accuracy, of smoothed targets too."""
        import keras

        return [keras.metrics.CategoricalAccuracy(name="accuracy")]

    def evaluate(self, network: Any, arrays: Any, prepared: Prepared) -> dict[str, Scores]:
        """Scores accuracy and cross-entropy, picture by picture."""
        from .scoring import probabilities, surprise

        chances, labels = probabilities(network, arrays.inputs), arrays.targets
        return {
            "accuracy": Scores((chances.argmax(axis=1) == labels).astype(float)),
            "cross_entropy": Scores(surprise(chances, labels)),
        }

    def remarks(self, scores: Mapping[str, Scores], prepared: Prepared) -> list[str]:
        """Names the three classes that are recognised worst."""
        from .scoring import worst

        found = worst(
            prepared.test.targets, scores["accuracy"].values, prepared.preprocessor["classes"]
        )
        if len(found) < 2:
            return []
        said = ", ".join(f"{score.name} ({score.accuracy:.2%} right)" for score in found)
        return [f"Most misclassified: {said}"]

    def predict(
        self,
        run: Run,
        *images: Path,
        top: Annotated[int, Option(min=1, help="how many classes to list")] = 3,
    ) -> Any:
        """Says which class each photo belongs to.

        Args:
            run: A trained run.
            *images: Picture files of any size, grey or colour, on a light or dark ground.
            top: How many classes to list.

        Returns:
            For each picture `label`, its `probability`, and `probabilities` of the likeliest.
        """
        from .inference import predict

        return predict(run, *images, top=top)

    @verb(draws=True)
    def feature_maps(self, run: Run, image: Path) -> Figure:
        """Draws what every convolution and pooling layer makes of a photo."""
        from . import inspection

        return inspection.feature_maps(run, image)

    @verb(draws=True)
    def filters(self, run: Run) -> Figure:
        """Draws the filters of the first convolution."""
        from . import inspection

        return inspection.filters(run)

    def per_class(self, run: Run) -> dict[str, Any]:
        """Says how well each class of the test split is recognised, the worst first.

        Returns:
            `classes` with `class`, `pictures`, `accuracy`, its 95 % `interval` and what it is
            `taken_for` most often; `names` and `confusion`, which counts how often each class
            (rows) was taken for each.
        """
        import numpy as np

        from deepzoo import summarise

        from .scoring import by_class, matrix_of

        matrix, names = matrix_of(run)
        rows = []
        for score in by_class(matrix, names):
            hits = np.arange(score.count) < score.correct
            _, low, high, _ = summarise(Scores(hits.astype(float)))
            rows.append(
                {
                    "class": score.name,
                    "pictures": score.count,
                    "accuracy": score.accuracy,
                    "interval": None if score.count < 2 else [low, high],
                    "taken_for": score.taken_for,
                }
            )
        return {"classes": rows, "names": names, "confusion": matrix.tolist()}
