"""check_model: what a model and the network it builds promise to the trainer."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from ..model import Model, Network, Stepper
from ..task import Task
from .expecting import attempt, check_recipe, expect, recipe_of
from .trials import can_interrupt, dataset_for, make_job, train, train_interrupted, workshop

if TYPE_CHECKING:
    import numpy as np

    from ..job import Job
    from ..run import Run


def check_model(
    model: type[Model] | Model | str,
    *,
    task: type[Task] | Task | str | None = None,
    dataset: Any = None,
    limit: int | None = 200,
    **settings: Any,
) -> list[str]:
    """Checks a model: building, predicting, learning, saving and loading, exact resume.

    It is trained twice for as many epochs as it has by default, so make it small.

    Args:
        model: The class, an instance, or a registered name.
        task: The task it serves; by default the one it names.
        dataset: What to train on; by default any registered dataset of the task's kind.
        limit: Number of training examples or documents.
        **settings: Settings of model, task or dataset that make the check fast,
            such as `units=4, epochs=3`.

    Returns:
        What was checked, a sentence each.

    Raises:
        AssertionError: A promise is broken; the sentence says what to do.
    """
    recipe = recipe_of(model, Model, "model")
    check_recipe(recipe, "model")
    expect(
        recipe.framework in ("keras", "numpy"),
        f"{type(recipe).__name__}.framework must be 'keras' or 'numpy'; "
        f"received: {recipe.framework!r}.",
    )
    task_recipe = recipe_of(task or recipe.task, Task, "task")
    expect(
        task_recipe.name == recipe.task,
        f"{type(recipe).__name__}.task is '{recipe.task}', but the task is '{task_recipe.name}'.",
    )
    source = dataset_for(task_recipe, dataset, recipe)
    with workshop(type(recipe), type(task_recipe), type(source)):
        job = make_job(source, task_recipe, recipe, limit, settings)
        checked = [f"{type(recipe).__name__} is declared as it should be."]
        checked += _check_network(job)
        run = train(job)
        checked += _check_learning(job, run)
        checked += _check_stored(job, run)
    return checked


def _check_network(job: Job) -> list[str]:
    """Checks the protocol of the untrained network."""
    name = type(job.recipes["model"]).__name__
    with attempt(f"{name}.build()"):
        network = job.build()
    expect(
        isinstance(network, Network),
        f"{name}.build must return a keras.Model, or an object with predict, arrays and "
        f"load_arrays; received: {type(network).__name__}.",
    )
    trains = hasattr(network, "fit_arrays") or hasattr(network, "train_step")
    expect(
        trains or hasattr(network, "model"),
        f"{name}: a network without Keras needs fit_arrays(inputs, targets) or "
        "train_step(inputs, targets, weights).",
    )
    if hasattr(network, "train_step") and not hasattr(network, "model"):
        expect(
            hasattr(network, "state") and hasattr(network, "load_state"),
            f"{name}: a network with train_step needs state() and load_state(arrays), "
            "all that decides how training goes on.",
        )
        with contextlib.suppress(NotImplementedError):
            _predict(network, _first_inputs(job), name)
    return ["Its network has the methods that the trainer calls."]


def _check_learning(job: Job, run: Run) -> list[str]:
    name = type(job.recipes["model"]).__name__
    losses = [row["loss"] for row in run.history]
    if not losses:
        return [*_check_fitting(job, run), "Skipped: a closed form has no loss and no resume."]
    checked = []
    if len(losses) > 1:
        expect(
            min(losses[1:]) < losses[0],
            f"{name} does not learn: its loss goes {losses[0]:.4g} -> {losses[-1]:.4g} in "
            f"{len(losses)} epochs. Check the loss, its targets and the learning rate.",
        )
        checked.append(f"Its loss falls: {losses[0]:.4g} -> {min(losses[1:]):.4g}.")
    else:
        checked.append("Skipped: one epoch does not show whether the loss falls; give epochs=3.")
    if not can_interrupt():
        return [*checked, "Skipped: only the main thread can be interrupted."]
    resumed = train_interrupted(job)
    differing = [
        key for key, array in run.arrays().items() if not _equal(array, resumed.arrays()[key])
    ]
    expect(
        not differing and [row["loss"] for row in resumed.history] == losses,
        f"{name} does not resume exactly: after Ctrl-C in the first epoch "
        f"{', '.join(differing[:5]) or 'its loss'} differs. Keep every random state in a "
        "keras.random.SeedGenerator of the layer, or in "
        "state() without Keras, and let batch() depend on nothing but its indices.",
    )
    return [*checked, "A training that is interrupted and resumed ends in the same bits."]


def _check_fitting(job: Job, run: Run) -> list[str]:
    again = job.build()
    again.fit_arrays(job.prepared.train.inputs, job.prepared.train.targets)
    first, second = run.net.arrays(), again.arrays()
    expect(
        first.keys() == second.keys() and all(_equal(first[key], second[key]) for key in first),
        f"{type(job.recipes['model']).__name__}.fit_arrays learns something else the second time: "
        "draw from a generator with a fixed seed.",
    )
    return ["Fitting it twice gives the same arrays."]


def _check_stored(job: Job, run: Run) -> list[str]:
    """Compares the network in memory with the one that is rebuilt from the run's folder."""
    import numpy as np

    from ..run import Run as Stored

    name = type(job.recipes["model"]).__name__
    with attempt("Opening the stored run", "build(spec) must depend on nothing but spec."):
        stored = Stored.open(run.path)
        kept, loaded = run.net, stored.net
    for key, array in kept.arrays().items():
        expect(isinstance(array, np.ndarray), f"{name}: arrays()[{key!r}] must be a NumPy array.")
        expect(
            _equal(array, loaded.arrays()[key]),
            f"{name}: array {key!r} changes on its way through the disk; "
            "let load_arrays take over exactly what arrays() returned.",
        )
    wrong = {key: np.zeros((3, *array.shape)) for key, array in kept.arrays().items()}
    refused = not wrong
    try:
        job.build().load_arrays(wrong)
    except Exception:
        refused = True
    expect(refused, f"{name}: load_arrays must refuse arrays of other shapes with an error.")
    checked = ["Saved and loaded again it has the same arrays."]
    inputs = _first_inputs(job)
    try:
        first, again, third = (_predict(network, inputs, name) for network in (kept, kept, loaded))
    except NotImplementedError:
        return [*checked, "Skipped: its network does not predict.", *_check_twin(run, name)]
    expect(
        _equal(first, again) and _equal(first, third),
        f"{name} predicts something else the second time, or after loading: predict must not draw "
        "at random, and arrays() must hold everything that was learned.",
    )
    return [*checked, "Its predictions are finite and repeat themselves.", *_check_twin(run, name)]


def _first_inputs(job: Job) -> Any:
    import numpy as np

    size = min(job.prepared.spec["batch_size"], len(job.prepared.train))
    return job.prepared.train.batch(np.arange(size))[0]


def _predict(network: Any, inputs: Any, name: str) -> np.ndarray:
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


def _check_twin(run: Run, name: str) -> list[str]:
    """Compares the framework-free twin with the network, token by token."""
    import numpy as np

    with attempt(f"{name}.from_arrays()"):
        twin = run.recipe("model").from_arrays(run.spec, run.arrays())
    if not isinstance(twin, Stepper) or not isinstance(run.net, Stepper):
        return []
    states = [stepper.start(2) for stepper in (twin, run.net)]
    for tokens in ([0, 0], [1, 0], [0, 1]):
        logits = []
        for index, stepper in enumerate((twin, run.net)):
            answer, states[index] = stepper.step(np.array(tokens), states[index])
            logits.append(np.asarray(answer))
        expect(
            logits[0].shape == logits[1].shape and np.abs(logits[0] - logits[1]).max() < 1e-4,
            f"{name}: the network from from_arrays gives other logits than the one from build; "
            "they must agree to 1e-4.",
        )
    return ["Its framework-free twin gives the same logits to 1e-4."]


def _equal(first: Any, second: Any) -> bool:
    import numpy as np

    return np.array_equal(first, second, equal_nan=np.asarray(first).dtype.kind == "f")
