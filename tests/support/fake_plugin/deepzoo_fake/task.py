"""Two tasks on one kind: tell the class of a point, and copy a point."""

from __future__ import annotations

from typing import Annotated

import typer
from annotated_types import Ge, Le

from deepzoo import Arrays, Metric, Prepared, Scores, Task, setting

from .kinds import Points


class SortingPoints(Task):
    """Which cloud does a point belong to?"""

    name = "sorting-points"
    kinds = (Points,)
    default_for = (Points,)
    default_model = "point-dense"
    baselines = ("point-centroid",)
    loss = "sparse_categorical_crossentropy"
    metrics = {
        "accuracy": Metric("higher", "share of points in the right class"),
        "distance": Metric("lower", "one minus the probability of the right class"),
    }

    noise: Annotated[float, Ge(0), Le(1)] = setting(0.0, "share of training labels made wrong")

    def prepare(self, splits, model):
        import numpy as np

        mean = splits.train.positions.mean(axis=0)
        scale = splits.train.positions.std(axis=0)
        preprocessor = {
            "mean": mean.tolist(),
            "scale": scale.tolist(),
            "features": getattr(model, "features", "plain"),
            "window": getattr(model, "window", 0),
            "classes": list(splits.train.classes),
        }
        parts = {}
        for name in ("train", "validation", "test"):
            part = getattr(splits, name)
            labels = part.labels
            if name == "train" and self.noise:
                wrong = np.random.default_rng(0).random(len(labels)) < self.noise
                labels = np.where(wrong, (labels + 1) % len(part.classes), labels)
            parts[name] = _windows(Arrays(encode(part.positions, preprocessor), labels), model)
        spec = {
            "features": parts["train"].inputs.shape[-1],
            "classes": len(splits.train.classes),
        }
        return Prepared(**parts, preprocessor=preprocessor, spec=spec)

    def training_metrics(self, model):
        return ["accuracy"]

    def evaluate(self, network, arrays, prepared):
        probabilities = network.predict(arrays.inputs).reshape(-1, prepared.spec["classes"])
        labels = arrays.targets.reshape(-1)
        right = probabilities[range(len(labels)), labels]
        return {
            "accuracy": Scores((probabilities.argmax(axis=1) == labels).astype("float64")),
            "distance": Scores(1 - right.astype("float64")),
        }

    def example_inputs(self, splits):
        return [f"{x:.3f},{y:.3f}" for x, y in splits.train.positions[:2]]

    def progress_sample(self, network, prepared, seed):
        return f"{prepared.preprocessor['classes'][0]} seed {seed}"

    def predict(
        self,
        run,
        text: str,
        *,
        top: Annotated[int, typer.Option(min=1, help="Classes to show, best first.")] = 1,
    ):
        """Tells the class of points written as x,y."""
        probabilities = run.network.predict(run.prepare_inputs([text]))[0]
        best = probabilities.argsort()[::-1][:top]
        classes = run.preprocessor["classes"]
        return {classes[index]: float(probabilities[index]) for index in best}

    def prepare_inputs(self, raw, preprocessor, spec):
        import numpy as np

        return np.concatenate([encode(_positions(text), preprocessor) for text in raw])


class PointCopying(Task):
    """Restore a point from less than it."""

    name = "point-copying"
    kinds = (Points,)
    default_model = "point-copier"
    baselines = ("point-mean",)
    loss = "mean_squared_error"
    metrics = {"squared_error": Metric("lower", "mean squared distance per coordinate")}

    def prepare(self, splits, model):
        parts = {
            name: Arrays(getattr(splits, name).positions, getattr(splits, name).positions)
            for name in ("train", "validation", "test")
        }
        return Prepared(**parts, preprocessor={}, spec={"features": 2})

    def evaluate(self, network, arrays, prepared):
        errors = ((network.predict(arrays.inputs) - arrays.targets) ** 2).mean(axis=-1)
        return {"squared_error": Scores(errors.astype("float64"))}

    def predict(
        self,
        run,
        text: str,
        *,
        digits: Annotated[int, typer.Option(min=0, max=9, help="Digits to round to.")] = 3,
    ):
        """Copies points written as x,y."""
        copy = run.network.predict(_positions(text))[0]
        return [round(float(number), digits) for number in copy]


def encode(positions, preprocessor):
    import numpy as np

    inputs = (positions - np.array(preprocessor["mean"])) / np.array(preprocessor["scale"])
    if preprocessor["features"] == "squares":
        inputs = np.concatenate([inputs, inputs**2], axis=-1)
    return inputs.astype("float32")


def _windows(arrays: Arrays, model) -> Arrays:
    """Cuts the points into consecutive windows for a model that reads them in order."""
    window = getattr(model, "window", 0)
    if not window:
        return arrays
    count = len(arrays) // window
    inputs = arrays.inputs[: count * window].reshape(count, window, -1)
    return Arrays(inputs, arrays.targets[: count * window].reshape(count, window))


def _positions(text: str):
    import numpy as np

    return np.array([[float(number) for number in text.split(",")]], dtype="float32")
