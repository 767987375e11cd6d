"""What a trained network must give back after it was saved and loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..interfaces.network import Stepper
from ..interfaces.task import Arrays
from .findings import Findings

if TYPE_CHECKING:
    import numpy as np

    from ..run import Run
    from ..workload import Workload


def check_stored(findings: Findings, workload: Workload, run: Run) -> None:
    """Compares the network in memory with the one that is rebuilt from the run's folder."""
    from ..run import Run as Stored

    name = type(workload.recipes.model).__name__
    advice = "build(spec) must depend on nothing but spec."
    with findings.attempt("Opening the stored run", advice):
        stored = Stored.open(run.path)
        kept, loaded = run.network, stored.network
    with findings.part("Saved and loaded again it has the same arrays."):
        _check_arrays(findings, workload, kept, loaded, name)
    with findings.part():
        _check_repeating(findings, workload, kept, loaded, name)
    with findings.part():
        _check_numpy_network(findings, workload, run, name)


def _check_arrays(
    findings: Findings, workload: Workload, kept: Any, loaded: Any, name: str
) -> None:
    import numpy as np

    for key, array in kept.arrays().items():
        findings.require(
            isinstance(array, np.ndarray), f"{name}: arrays()[{key!r}] must be a NumPy array."
        )
        findings.require(
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
    findings.expect(refused, f"{name}: load_arrays must refuse arrays of other shapes.")


def _check_repeating(
    findings: Findings, workload: Workload, kept: Any, loaded: Any, name: str
) -> None:
    """Compares what the network in memory and the loaded one answer."""
    if hasattr(kept, "fit_arrays"):
        # It may be fitted on something else than it predicts from: its scores tell.
        task, prepared = workload.recipes.task, workload.prepared
        if not len(prepared.test):
            findings.checked.append("Skipped: the dataset has no test split to score.")
            return
        first, again, third = (
            _in_a_row(task.evaluate(network, prepared.test, prepared))
            for network in (kept, kept, loaded)
        )
        what, promise = "scores", "Its scores repeat themselves."
    else:
        inputs = first_inputs(workload)
        first, again, third = (
            predict(findings, network, inputs, name) for network in (kept, kept, loaded)
        )
        if first is None:
            findings.checked.append("Skipped: its network does not predict.")
            return
        _check_outputs(findings, first, workload.prepared.spec.get("outputs"), name)
        what, promise = "predicts", "Its predictions are finite and repeat themselves."
    with findings.part(promise):
        findings.expect(
            equal(first, again) and equal(first, third),
            f"{name} {what} something else the second time, or after loading: predict must not "
            "draw at random, and arrays() must hold everything that was learned.",
        )


def _check_outputs(findings: Findings, outputs: np.ndarray, declared: Any, name: str) -> None:
    """Tells probabilities from logits, where the task's `Example` declares either."""
    import numpy as np

    positive = bool((outputs >= 0).all() and (outputs <= 1).all())
    several = outputs.ndim > 1 and outputs.shape[-1] > 1
    sums = positive and several and np.allclose(outputs.sum(axis=-1), 1, atol=1e-3)
    findings.expect(
        declared != "logits" or not sums,
        f"{name} predicts probabilities (softmax) where its task declares logits: "
        "give the last layer no activation.",
    )
    findings.expect(
        declared != "probabilities" or positive,
        f"{name} predicts logits where its task declares probabilities: "
        "give the last layer a softmax or a sigmoid.",
    )


def _in_a_row(scores: Any) -> np.ndarray:
    """Puts the scores of all metrics in a row."""
    import numpy as np

    return np.concatenate([np.asarray(item.values, float) for item in scores.values()])


def first_inputs(workload: Workload) -> Any:
    """Returns the inputs of the first training examples, one batch at most."""
    import numpy as np

    size = min(workload.prepared.spec["batch_size"], len(workload.prepared.train))
    return workload.prepared.train.batch(np.arange(size))[0]


def predict(findings: Findings, network: Any, inputs: Any, name: str) -> np.ndarray | None:
    """Predicts from a fresh state and checks the outputs; None if the network never predicts."""
    import numpy as np

    if hasattr(network, "reset_states"):
        network.reset_states()
    with findings.attempt(f"{name}: predict()"):
        try:
            outputs = np.asarray(network.predict(inputs))
        except NotImplementedError:
            return None
    count = len(Arrays(inputs))
    findings.require(
        outputs.shape[:1] == (count,) and np.isfinite(outputs).all(),
        f"{name}: predict must return one finite output for each of {count} inputs; "
        f"received: {list(outputs.shape)}, finite: {bool(np.isfinite(outputs).all())}.",
    )
    return outputs


def _check_numpy_network(findings: Findings, workload: Workload, run: Run, name: str) -> None:
    """Compares the NumPy network with the Keras one, token by token or batch by batch."""
    import numpy as np

    with findings.attempt(f"{name}.from_arrays()"):
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
        inputs = first_inputs(workload)
        answers.append([predict(findings, network, inputs, name) for network in pair])
    if not answers:
        return
    with findings.part("Its NumPy network gives the same answers within 1e-4."):
        findings.expect(
            all(
                first.shape == second.shape and np.allclose(first, second, rtol=1e-4, atol=1e-4)
                for first, second in answers
            ),
            f"{name}: the network from from_arrays answers differently from the one from build; "
            "they must agree to 1e-4.",
        )


def equal(first: Any, second: Any) -> bool:
    """Compares two arrays bit for bit."""
    import numpy as np

    return np.array_equal(first, second, equal_nan=np.asarray(first).dtype.kind == "f")
