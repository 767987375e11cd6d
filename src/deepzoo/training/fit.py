"""Fitting a network inside the folder of its run: in closed form, or step by step."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..errors import DataError
from ..interfaces.example import Example
from ..networks.keras_network import layers_of, parameters
from ..plugins.calls import calling, described
from .progress import Message, Planned, Report, tell
from .schedule import TrainingPlan
from .trainer import Trainer

if TYPE_CHECKING:
    from ..runs.folder import RunFolder
    from ..workload import Workload


def fit_network(
    workload: Workload,
    run: RunFolder,
    network: Any,
    plan: TrainingPlan,
    report: Report,
    *,
    resume: bool = False,
    callbacks: Sequence[Any] = (),
) -> dict[str, Any]:
    """Trains a network by its own kind of loop; returns fields for `run.json`."""
    recipes, prepared = workload.recipes, workload.prepared
    if not len(prepared.train):
        raise DataError(f"The training split of '{recipes.dataset.name}' has no examples.")
    if hasattr(network, "adapt"):
        with calling(recipes.model, "adapt"):
            network.adapt(prepared)
    run.update(parameters=parameters(network))
    if hasattr(network, "fit_arrays"):
        started = time.perf_counter()
        report(Message("phase", f"Fitting {recipes.model.name}"))
        tell(callbacks, "on_train_begin")
        with calling(recipes.task, "whole"):
            inputs, targets, _ = prepared.train.whole()
        with calling(recipes.model, "fit_arrays"):
            network.fit_arrays(inputs, targets)
        _check_outputs(workload, network)
        run.update(parameters=parameters(network))
        tell(callbacks, "on_train_end")
        seconds = round(time.perf_counter() - started, 3)
        return {"epochs": 1, "steps": 1, "seconds": seconds, "best_epoch": None, "stopped_by": None}
    trainer = Trainer(run, network, prepared, recipes.model, recipes.task, plan, report, callbacks)
    steps = trainer.order.steps * plan.epochs
    report(Planned(len(layers_of(network)), parameters(network), steps, plan.epochs))
    results = trainer.fit(resume)
    if hasattr(network, "finish"):
        with calling(recipes.model, "finish"):
            network.finish(prepared)
    return results


def _check_outputs(workload: Workload, network: Any) -> None:
    """Compares what a fitted network answers to the first example with what its task declares."""
    import numpy as np

    model, spec = workload.recipes.model, workload.prepared.spec
    if not isinstance(spec, Example) or None in (spec.input_shape or (None,)):
        return
    inputs = workload.prepared.train.batch(np.array([0]))[0]
    with calling(model, "predict"):
        outputs = np.asarray(network.predict(inputs))
    spec.check_outputs(outputs.shape[1:], f"{described(model)}, predict")
