"""Mine: a task for deepzoo, which continues a series of numbers."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, ClassVar

import numpy as np
import typer
from annotated_types import Ge

import deepzoo
from deepzoo import ArraySpec, EachLine, Example, Metric, Prepared, Scores, Splits, Windows


class Series(deepzoo.Kind):
    """A series of numbers at equal steps: `values` float [N], which repeat after `period`."""

    name = "series"
    values: np.ndarray
    period: int = deepzoo.shared(1)


class Demand(deepzoo.Dataset):
    """Hourly demand over two years, made from a fixed seed: by day, by week, and by weather."""

    name = "demand"
    kind = Series
    license = "CC0-1.0"

    def load(self, files):
        """Makes the series; its last tenth is the test, so that nothing of the future is known."""
        hours = np.arange(2 * 365 * 24)
        weather = np.convolve(np.random.default_rng(0).normal(size=len(hours)), 0.97 ** hours[:200])
        day, week = np.sin(hours / 24 * 2 * np.pi), np.sin(hours / 168 * 2 * np.pi)
        values = 100 + 20 * day + 10 * week * (1 + day) + weather[: len(hours)]
        bounds = [len(hours) * 8 // 10, len(hours) * 9 // 10]
        return Splits(*(Series(part, 24) for part in np.split(values, bounds)))

    def sample(self):
        """The series is made and not read, so it stands in for itself."""
        return self.load({})


class Mine(deepzoo.Task):
    """Continue a series of numbers."""

    name = "mine"
    kinds = (Series,)
    default_for = (Series,)
    default_model = "mine-mlp"
    baselines = ("last-value", "seasonal")
    metrics: ClassVar[Mapping[str, Metric]] = {
        "rmse": Metric("lower", "root mean squared error, in units of the series", least=0),
        "mae": Metric("lower", "mean absolute error, in units of the series", least=0),
    }
    loss = "mean_squared_error"
    plots: ClassVar[Mapping[str, Callable[..., Any]]] = {"forecasts": lambda run: draw_forecasts(run)}

    history: Annotated[int, Ge(2)] = deepzoo.setting(48, "steps that a network sees")
    horizon: Annotated[int, Ge(1)] = deepzoo.setting(24, "steps that it predicts")

    def prepare(self, splits, model, preprocessor=None):
        """Scales by mean and deviation of the training split, and cuts windows."""
        train = splits.train.values
        fitted = preprocessor or {"mean": float(train.mean()), "scale": float(train.std()) or 1.0}
        steps = {"train": 1, "validation": self.horizon, "test": self.horizon}
        windows = {
            part: Windows(
                scaled(getattr(splits, part).values, fitted), self.history, step, ahead=self.horizon
            )
            for part, step in steps.items()
        }
        spec = Example(
            inputs=ArraySpec([self.history]),
            targets=ArraySpec([self.horizon]),
            outputs="values",
            period=splits.train.period,
        )
        return Prepared(**windows, preprocessor=dict(fitted), spec=spec)

    def prepare_inputs(self, raw, preprocessor, spec):
        """Reads series as text, such as `1, 2, 3`, and scales their ends."""
        rows = [np.array(text.replace(",", " ").split(), float) for text in raw]
        length = spec["inputs"]["shape"][0]
        short = next((len(row) for row in rows if len(row) < length), None)
        if short is not None:
            raise deepzoo.errors.DataError(f"Expected {length} numbers or more, received {short}.")
        return np.stack([scaled(row[-length:], preprocessor) for row in rows])

    def evaluate(self, network, arrays, prepared):
        """Scores each forecast of the test split."""
        inputs, targets, _ = arrays.whole()
        errors = (network.predict(inputs) - targets) * prepared.preprocessor["scale"]
        squares = np.stack([(errors**2).sum(axis=1), np.full(len(errors), errors.shape[1])], axis=1)
        rmse = Scores.of_sums(lambda sums: np.sqrt(sums[..., 0] / sums[..., 1]), squares)
        return {"rmse": rmse, "mae": Scores(np.abs(errors).mean(axis=1))}

    def forecast(self, run, series: Annotated[str, EachLine]) -> list[float]:
        """Continue a series.

        Args:
            run: A trained run.
            series: Its numbers, separated by blanks or commas.

        Returns:
            The numbers that come next.
        """
        outputs = run.network.predict(run.prepare_inputs([series]))[0]
        fitted = run.preprocessor
        return (outputs * fitted["scale"] + fitted["mean"]).tolist()


@deepzoo.rule(task="mine")
def last_value(inputs, spec):
    """Repeats the last value."""
    return np.repeat(inputs[:, -1:], spec["targets"]["shape"][0], axis=1)


@deepzoo.rule(task="mine")
def seasonal(inputs, spec):
    """Repeats the last period."""
    return inputs[:, np.arange(spec["targets"]["shape"][0]) % spec["period"] - spec["period"]]


class MineMLP(deepzoo.Model):
    """One hidden layer over the last values."""

    name = "mine-mlp"
    task = "mine"
    defaults = {"epochs": 10, "schedule": "cosine"}

    units: Annotated[int, Ge(1)] = deepzoo.setting(64, "units of the hidden layer")

    def build(self, spec):
        """Builds the Keras network."""
        import keras

        inputs = keras.Input(spec["inputs"]["shape"])
        x = keras.layers.Dense(self.units, activation="relu")(inputs)
        return keras.Model(inputs, keras.layers.Dense(spec.output_shape[0])(x))


def draw_forecasts(run):
    """Draws the first forecasts of the test split over what came."""
    from deepzoo.figures import BLUE, GREY, clean, framed

    inputs, targets, _ = run.workload().prepared.test.batch(np.arange(7))
    outputs, fitted = run.network.predict(inputs), run.preprocessor
    facts = f"the first {len(outputs)} forecasts of {targets.shape[1]} steps; grey is what came"
    figure, axes = framed(8, 3, "Forecasts", run.id, facts)
    for values, colour in ((targets, GREY), (outputs, BLUE)):
        axes.plot(values.ravel() * fitted["scale"] + fitted["mean"], color=colour)
    axes.set_xlabel("step")
    clean(axes)
    return figure


class Units(deepzoo.Experiment):
    """Does a larger hidden layer forecast better?"""

    name = "mine-units"
    dataset = "demand"
    model = "mine-mlp"
    source = "Ours"
    grid: ClassVar[Mapping[str, tuple[Any, ...]]] = {"model.units": (4, 64)}
    claims = ("Sixty-four units forecast better than four.",)


def scaled(values, fitted):
    """Returns values with mean 0 and deviation 1, float32."""
    return ((values - fitted["mean"]) / fitted["scale"]).astype(np.float32)


@deepzoo.hookimpl
def register_kinds():
    """Registers the kind."""
    return [Series]


@deepzoo.hookimpl
def register_datasets():
    """Registers the data."""
    return [Demand]


@deepzoo.hookimpl
def register_tasks():
    """Registers the task."""
    return [Mine]


@deepzoo.hookimpl
def register_models():
    """Registers the network and the baselines."""
    return [MineMLP, last_value, seasonal]


@deepzoo.hookimpl
def register_experiments():
    """Registers the experiment."""
    return [Units]
