"""What a trained network must give back after it was saved and loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..interfaces.network import Stepper
from .assertions import attempt, expect

if TYPE_CHECKING:
    import numpy as np

    from ..run import Run
    from ..workload import Workload


def check_stored(workload: Workload, run: Run) -> list[str]:
    """Compares the network in memory with the one that is rebuilt from the run's folder."""
    import numpy as np

    from ..run import Run as Stored

    name = type(workload.recipes.model).__name__
    with attempt("Opening the stored run", "build(spec) must depend on nothing but spec."):
        stored = Stored.open(run.path)
        kept, loaded = run.network, stored.network
    for key, array in kept.arrays().items():
        expect(isinstance(array, np.ndarray), f"{name}: arrays()[{key!r}] must be a NumPy array.")
        expect(
            equal(array, loaded.arrays()[key]),
            f"{name}: array {key!r} changes when it is saved and loaded; "
            "make load_arrays restore exactly what arrays() returned.",
        )
    wrong = {key: np.zeros((3, *array.shape)) for key, array in kept.arrays().items()}
    refused = not wrong
    try:
        workload.build().load_arrays(wrong)
    except Exception:
        refused = True
    expect(refused, f"{name}: load_arrays must refuse arrays of other shapes with an error.")
    checked = ["Saved and loaded again it has the same arrays."]
    return [
        *checked,
        *_check_repeating(workload, kept, loaded, name),
        *_check_numpy_network(workload, run, name),
    ]


def _check_repeating(workload: Workload, kept: Any, loaded: Any, name: str) -> list[str]:
    """Compares what the network in memory and the loaded one answer."""
    if hasattr(kept, "fit_arrays"):
        # It may be fitted on something else than it predicts from: its scores tell.
        task, prepared = workload.recipes.task, workload.prepared
        if not len(prepared.test):
            return ["Skipped: the dataset has no test split to score."]
        first, again, third = (
            _in_a_row(task.evaluate(network, prepared.test, prepared))
            for network in (kept, kept, loaded)
        )
        what, done = "scores", "Its scores repeat themselves."
    else:
        try:
            inputs = first_inputs(workload)
            first, again, third = (
                predict(network, inputs, name) for network in (kept, kept, loaded)
            )
        except NotImplementedError:
            return ["Skipped: its network does not predict."]
        what, done = "predicts", "Its predictions are finite and repeat themselves."
    expect(
        equal(first, again) and equal(first, third),
        f"{name} {what} something else the second time, or after loading: predict must not draw "
        "at random, and arrays() must hold everything that was learned.",
    )
    return [done]


def _in_a_row(scores: Any) -> np.ndarray:
    """Puts the scores of all metrics in a row."""
    import numpy as np

    return np.concatenate([np.asarray(item.values, float) for item in scores.values()])


def first_inputs(workload: Workload) -> Any:
    """Returns the inputs of the first training examples, one batch at most."""
    import numpy as np

    size = min(workload.prepared.spec["batch_size"], len(workload.prepared.train))
    return workload.prepared.train.batch(np.arange(size))[0]


def predict(network: Any, inputs: Any, name: str) -> np.ndarray:
    """Predicts from a fresh state and checks the outputs."""
    import numpy as np

    if hasattr(network, "reset_states"):
        network.reset_states()
    with attempt(f"{name}: predict()"):
        outputs = np.asarray(network.predict(inputs))
    first = inputs[0] if isinstance(inputs, tuple) else inputs
    expect(
        outputs.shape[:1] == (len(first),) and np.isfinite(outputs).all(),
        f"{name}: predict must return one finite output for each of {len(first)} inputs; "
        f"received: {list(outputs.shape)}, finite: {bool(np.isfinite(outputs).all())}.",
    )
    return outputs


def _check_numpy_network(workload: Workload, run: Run, name: str) -> list[str]:
    """Compares the NumPy network with the Keras one, token by token or batch by batch."""
    import numpy as np

    with attempt(f"{name}.from_arrays()"):
        numpy_network = run.recipe("model").from_arrays(run.spec, run.arrays())
    pair, answers = (numpy_network, run.network), []
    if all(isinstance(network, Stepper) for network in pair):
        states = [stepper.start(2) for stepper in pair]
        for tokens in ([0, 0], [1, 0], [0, 1]):
            logits = []
            for index, stepper in enumerate(pair):
                answer, states[index] = stepper.step(np.array(tokens), states[index])
                logits.append(np.asarray(answer))
            answers.append(logits)
    elif hasattr(numpy_network, "predict"):
        answers.append([predict(network, first_inputs(workload), name) for network in pair])
    for first, second in answers:
        expect(
            first.shape == second.shape and np.allclose(first, second, rtol=1e-4, atol=1e-4),
            f"{name}: the network from from_arrays answers differently from the one from build; "
            "they must agree to 1e-4.",
        )
    return ["Its NumPy network gives the same answers within 1e-4."] if answers else []


def equal(first: Any, second: Any) -> bool:
    """Compares two arrays bit for bit."""
    import numpy as np

    return np.array_equal(first, second, equal_nan=np.asarray(first).dtype.kind == "f")
