"""check_model: what a model and the network it builds promise to the trainer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..interfaces.model import Model
from ..interfaces.task import Task
from ..networks.keras_network import is_keras
from .findings import Findings, check_recipe, recipe_of
from .learning import check_loss
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
    findings = Findings()
    with findings.part():
        recipe = recipe_of(findings, model, Model, "model")
        with findings.part(f"{type(recipe).__name__} is declared as it should be."):
            check_recipe(findings, recipe, "model")
            _check_framework(findings, recipe)
        task_recipe = _task_of(findings, recipe, task)
        source = dataset_for(findings, task_recipe, dataset)
        with workshop(type(recipe), type(task_recipe), type(source)):
            workload = make_workload(findings, source, task_recipe, recipe, limit, settings)
            _check_network(findings, workload)
            run = train(findings, workload)
            with findings.part():
                _check_learning(findings, workload, run)
            with findings.part():
                check_stored(findings, workload, run)
    return findings.finish()


def _check_framework(findings: Findings, recipe: Model) -> None:
    findings.expect(
        recipe.framework in ("keras", "numpy"),
        f"{type(recipe).__name__}.framework must be 'keras' or 'numpy'; "
        f"received: {recipe.framework!r}.",
    )


def _task_of(findings: Findings, recipe: Model, task: Any) -> Task:
    """Returns the task that a model serves."""
    task_recipe = recipe_of(findings, task or recipe.task, Task, "task")
    findings.require(
        task_recipe.name == recipe.task,
        f"{type(recipe).__name__}.task is '{recipe.task}', but the task is '{task_recipe.name}'.",
    )
    return task_recipe


def _check_network(findings: Findings, workload: Workload) -> None:
    """Checks the protocol of the untrained network."""
    name = type(workload.recipes.model).__name__
    with findings.attempt(f"{name}.build()"):
        network = workload.build()
    steps = hasattr(network, "train_step")
    findings.require(
        is_keras(network) or steps or hasattr(network, "fit_arrays"),
        f"{name}: a network without Keras needs fit_arrays(inputs, targets) or "
        "train_step(inputs, targets, weights).",
    )
    if steps and not is_keras(network):
        findings.require(
            hasattr(network, "state") and hasattr(network, "load_state"),
            f"{name}: a network with train_step needs state() and load_state(arrays), "
            "the whole state of its training.",
        )
        predict(findings, network, first_inputs(workload), name)
    findings.checked.append("Its network has the methods that the trainer calls.")


def _check_learning(findings: Findings, workload: Workload, run: Run) -> None:
    name = type(workload.recipes.model).__name__
    losses = [row["loss"] for row in run.history]
    if not losses:
        _check_fitting(findings, workload, run)
        findings.checked.append("Skipped: a closed form has no loss and no resume.")
        return
    with findings.part():
        check_loss(findings, workload, losses)
    if not can_interrupt():
        findings.checked.append("Skipped: only the main thread can be interrupted.")
        return
    resumed = train_interrupted(findings, workload)
    differing = [
        key for key, array in run.arrays().items() if not equal(array, resumed.arrays()[key])
    ]
    with findings.part("A training that is interrupted and resumed ends in the same bits."):
        findings.expect(
            not differing and [row["loss"] for row in resumed.history] == losses,
            f"{name} does not resume exactly: after Ctrl-C in the first epoch "
            f"{', '.join(differing[:5]) or 'its loss'} differs. Keep every random state in a "
            "keras.random.SeedGenerator of the layer, or in "
            "state() without Keras, and let batch() depend on nothing but its indices.",
        )


def _check_fitting(findings: Findings, workload: Workload, run: Run) -> None:
    again = workload.build()
    inputs, targets, _ = workload.prepared.train.whole()
    again.fit_arrays(inputs, targets)
    first, second = run.network.arrays(), again.arrays()
    with findings.part("Fitting it twice gives the same arrays."):
        findings.expect(
            first.keys() == second.keys() and all(equal(first[key], second[key]) for key in first),
            f"{type(workload.recipes.model).__name__}.fit_arrays learns something else the second "
            "time: draw from a generator with a fixed seed.",
        )
