"""Forecasting: a task for deepzoo, which continues a series of numbers."""

from typing import Annotated, Any

from annotated_types import Ge

import deepzoo
from deepzoo import ArraySpec, EachLine, Example, Metric, Prepared, Scores, Splits, Windows
from deepzoo.errors import DataError


class Series(deepzoo.Kind):
    """Numbers at equal steps, `values` float [N], whose pattern repeats after `period` steps."""

    name = "series"
    repeats = True
    values: Any
    period: int = deepzoo.shared(1)


class Demand(deepzoo.Dataset):
    """Hourly demand over two years, made from a fixed seed: day, week and weather."""

    name = "demand"
    kind = Series
    license = "CC0-1.0"

    def load(self, files):
        """Makes the series. Its last tenth is the test: nothing of the future is learned from."""
        import numpy as np

        hours = np.arange(2 * 365 * 24)
        noise = np.random.default_rng(0).normal(size=len(hours))
        weather = np.convolve(noise, 0.97 ** np.arange(200))[: len(hours)]
        day, week = np.sin(hours / 24 * 2 * np.pi), np.sin(hours / 168 * 2 * np.pi)
        values = 100 + 20 * day + 10 * week * (1 + day) + weather
        bounds = [len(hours) * 8 // 10, len(hours) * 9 // 10]
        train, validation, test = (Series(part, 24) for part in np.split(values, bounds))
        return Splits(train, validation, test)


def scaled(values, fitted):
    """Scales values by mean and deviation, float32."""
    return ((values - fitted["mean"]) / fitted["scale"]).astype("float32")


def unscaled(values, fitted):
    """Undoes `scaled`."""
    return values * fitted["scale"] + fitted["mean"]


def draw_forecasts(run):
    """Draws the forecasts of the first week of the test split over what came."""
    import numpy as np

    from deepzoo.figures import BLUE, GREY, clean, framed

    test = run.workload().prepared.test
    inputs, targets, _ = test.batch(np.arange(min(7, len(test))))
    facts = f"the first {len(targets)} forecasts of {targets.shape[1]} steps", "what came is grey"
    figure, axes = framed(8, 3, "Forecasts", run.id, *facts)
    for values, colour in ((targets, GREY), (run.network.predict(inputs), BLUE)):
        axes.plot(unscaled(values.ravel(), run.preprocessor), color=colour)
    axes.set_xlabel("step")
    clean(axes)
    return figure


class Forecasting(deepzoo.Task):
    """Continue a series of numbers."""

    name = "forecasting"
    kinds = (Series,)
    default_for = (Series,)
    default_model = "forecasting-mlp"
    baselines = ("last-value", "seasonal")
    metrics = {
        "rmse": Metric("lower", "root mean squared error, in units of the series", least=0),
        "mae": Metric("lower", "mean absolute error, in units of the series", least=0),
    }
    loss = "mean_squared_error"
    plots = {"forecasts": draw_forecasts}

    history: Annotated[int, Ge(2)] = deepzoo.setting(48, "steps that a network sees")
    horizon: Annotated[int, Ge(1)] = deepzoo.setting(24, "steps that it predicts")

    def prepare(self, splits, model, preprocessor=None):
        """Scales by mean and deviation of the training split, and cuts windows."""
        train = splits.train.values
        fitted = preprocessor or {"mean": float(train.mean()), "scale": float(train.std()) or 1.0}

        def windows(part, step):
            return Windows(scaled(part.values, fitted), self.history, step, horizon=self.horizon)

        spec = Example(
            inputs=ArraySpec([self.history]),
            targets=ArraySpec([self.horizon]),
            outputs="values",
            period=splits.train.period,
        )
        return Prepared(
            windows(splits.train, 1),
            windows(splits.validation, self.horizon),
            windows(splits.test, self.horizon),
            dict(fitted),
            spec,
        )

    def prepare_inputs(self, raw, preprocessor, spec):
        """Reads the end of series written as text, such as `1, 2, 3`, and scales it."""
        import numpy as np

        length = spec["inputs"]["shape"][0]
        rows = []
        for text in raw:
            try:
                row = np.array(text.replace(",", " ").split(), float)
            except ValueError as error:
                raise DataError(f"Expected a series of numbers: {error}.") from None
            if len(row) < length:
                raise DataError(f"Expected at least {length} numbers, received {len(row)}.")
            rows.append(row[-length:])
        return scaled(np.stack(rows), preprocessor)

    def example_inputs(self, splits):
        """Gives a verb the end of the training series, for the check of the plugin."""
        return [" ".join(map(str, splits.train.values[-self.history - n :])) for n in range(2)]

    def evaluate(self, network, arrays, prepared):
        """Scores each forecast of the test split."""
        import numpy as np

        inputs, targets, _ = arrays.whole()
        errors = (network.predict(inputs) - targets) * prepared.preprocessor["scale"]
        squares = (errors**2).mean(axis=1)
        return {
            "rmse": Scores.of_sums(
                lambda sums: np.sqrt(sums[..., 0] / sums[..., 1]),
                np.stack([squares, np.ones(len(squares))], axis=1),
            ),
            "mae": Scores(np.abs(errors).mean(axis=1)),
        }

    def forecast(self, run, series: Annotated[str, EachLine]) -> list[float]:
        """Continue a series.

        Args:
            run: A trained run.
            series: Its numbers, separated by blanks or commas.

        Returns:
            The numbers that come next.
        """
        outputs = run.network.predict(run.prepare_inputs([series]))[0]
        return unscaled(outputs, run.preprocessor).tolist()


@deepzoo.rule(task="forecasting")
def last_value(inputs, spec):
    """Repeats the last value."""
    return inputs[:, -1:].repeat(spec["targets"]["shape"][0], axis=1)


@deepzoo.rule(task="forecasting")
def seasonal(inputs, spec):
    """Repeats the last period."""
    period = min(spec["period"], inputs.shape[1])
    steps = range(spec["targets"]["shape"][0])
    return inputs[:, [step % period - period for step in steps]]


class MLP(deepzoo.Model):
    """One hidden layer over the last values."""

    name = "forecasting-mlp"
    task = "forecasting"
    defaults = {"schedule": "cosine"}

    units: Annotated[int, Ge(1)] = deepzoo.setting(64, "units of the hidden layer")

    def build(self, spec):
        """Builds the Keras network."""
        import keras

        inputs = keras.Input(spec["inputs"]["shape"])
        x = keras.layers.Dense(self.units, activation="relu")(inputs)
        return keras.Model(inputs, keras.layers.Dense(spec.output_shape[0])(x))


class HiddenUnits(deepzoo.Experiment):
    """Does a larger hidden layer forecast better?"""

    name = "forecasting-units"
    dataset = "demand"
    model = "forecasting-mlp"
    grid = {"model.units": (4, 64)}
    claims = ("Sixty-four units forecast better than four.",)


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
    return [Forecasting]


@deepzoo.hookimpl
def register_models():
    """Registers the network and the baselines."""
    return [MLP, last_value, seasonal]


@deepzoo.hookimpl
def register_experiments():
    """Registers the experiment."""
    return [HiddenUnits]
