"""check_model: what a model and the network it builds promise to the trainer."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from ..interfaces.model import Model
from ..interfaces.network import Network
from ..interfaces.task import Task
from .assertions import attempt, check_recipe, expect, recipe_of
from .stored_checks import check_stored, equal, first_inputs, predict
from .trial_runs import (
    can_interrupt,
    dataset_for,
    make_workload,
    train,
    train_interrupted,
    workshop,
)

if TYPE_CHECKING:
    from ..run import Run
    from ..workload import Workload


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
    task_recipe = _check_declaration(recipe, task)
    source = dataset_for(task_recipe, dataset, recipe)
    with workshop(type(recipe), type(task_recipe), type(source)):
        workload = make_workload(source, task_recipe, recipe, limit, settings)
        checked = [f"{type(recipe).__name__} is declared as it should be."]
        checked += _check_network(workload)
        run = train(workload)
        checked += _check_learning(workload, run)
        checked += check_stored(workload, run)
    return checked


def _check_declaration(recipe: Model, task: Any) -> Task:
    """Checks what a model says about itself, and returns the task it serves."""
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
    return task_recipe


def _check_network(workload: Workload) -> list[str]:
    """Checks the protocol of the untrained network."""
    name = type(workload.recipes.model).__name__
    with attempt(f"{name}.build()"):
        network = workload.build()
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
            "the whole state of its training.",
        )
        with contextlib.suppress(NotImplementedError):
            predict(network, first_inputs(workload), name)
    return ["Its network has the methods that the trainer calls."]


def _check_learning(workload: Workload, run: Run) -> list[str]:
    name = type(workload.recipes.model).__name__
    losses = [row["loss"] for row in run.history]
    if not losses:
        return [*_check_fitting(workload, run), "Skipped: a closed form has no loss and no resume."]
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
    resumed = train_interrupted(workload)
    differing = [
        key for key, array in run.arrays().items() if not equal(array, resumed.arrays()[key])
    ]
    expect(
        not differing and [row["loss"] for row in resumed.history] == losses,
        f"{name} does not resume exactly: after Ctrl-C in the first epoch "
        f"{', '.join(differing[:5]) or 'its loss'} differs. Keep every random state in a "
        "keras.random.SeedGenerator of the layer, or in "
        "state() without Keras, and let batch() depend on nothing but its indices.",
    )
    return [*checked, "A training that is interrupted and resumed ends in the same bits."]


def _check_fitting(workload: Workload, run: Run) -> list[str]:
    again = workload.build()
    inputs, targets, _ = workload.prepared.train.whole()
    again.fit_arrays(inputs, targets)
    first, second = run.network.arrays(), again.arrays()
    expect(
        first.keys() == second.keys() and all(equal(first[key], second[key]) for key in first),
        f"{type(workload.recipes.model).__name__}.fit_arrays learns something else the second "
        "time: draw from a generator with a fixed seed.",
    )
    return ["Fitting it twice gives the same arrays."]
