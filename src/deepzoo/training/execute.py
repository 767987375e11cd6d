"""Executes a training inside a run's folder: build, train, store, score, account for it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ..errors import CheckpointError, DeepzooError, Interrupted, ResourceError
from ..evaluation.score import score
from ..networks.keras_network import is_keras
from ..plugins.loader import load_plugins
from ..runs import restore
from .cached_runs import baseline_scores
from .compatibility import difference
from .fit import fit_network
from .progress import Message, Report
from .schedule import TrainingPlan
from .signals import interrupt_on_signals

if TYPE_CHECKING:
    from ..networks.devices import Device
    from ..runs.folder import RunFolder
    from ..workload import Workload


def execute(
    workload: Workload,
    run: RunFolder,
    plan: TrainingPlan,
    device: Device | None,
    report: Report,
    *,
    resume: bool = False,
    start_from: RunFolder | None = None,
) -> Any:
    """Trains the workload's network and stores everything in the run's folder.

    Whatever happens, `run.json` says how it ended.

    Args:
        workload: Recipes and data.
        run: The run, already described in its `run.json`.
        plan: What was asked.
        device: Where Keras computes; None for a network without Keras.
        report: Takes progress events.
        resume: Go on from the newest checkpoint.
        start_from: Another run whose weights to start from.

    Returns:
        The trained network.
    """
    with run.locked(), interrupt_on_signals(f"Resume it with: deepzoo resume {run.id}"):
        try:
            run.update(status="running", error=None)
            network = workload.build(device)
            if start_from is not None:
                _take_weights(network, start_from, workload)
            callbacks = _callbacks(run, network)
            results = fit_network(
                workload, run, network, plan, report, resume=resume, callbacks=callbacks
            )
            run.save_weights(network.arrays())
            report(Message("phase", "Scoring the test split"))
            score(workload, run, network, baseline_scores(workload))
            finished = datetime.now(UTC).isoformat(timespec="seconds")
            run.update(**results, status="finished", finished=finished)
            return network
        except Interrupted as stopped:
            run.update(status="interrupted", error=_error(stopped))
            raise
        except KeyboardInterrupt:
            run.update(status="interrupted")
            raise
        except DeepzooError as error:
            run.update(status="failed", error=_error(error))
            raise
        except Exception as error:
            known = _out_of_memory(error, workload)
            run.update(status="failed", error=_error(known or error))
            if known:
                raise known from error
            raise


def _take_weights(network: Any, other: RunFolder, workload: Workload) -> None:
    if other.preprocessor != workload.prepared.preprocessor:
        change = difference(other.preprocessor, workload.prepared.preprocessor)
        raise CheckpointError(
            f"Run {other.id} reads its input in another way: {change}.",
            "Start from a run on the same data, or train from scratch.",
        )
    network.load_arrays(restore.weights(other))


def _callbacks(run: RunFolder, network: Any) -> list[Any]:
    called = load_plugins().call("register_callbacks", run=run)
    callbacks = [callback for _, made in called for callback in made]
    if is_keras(network):
        for callback in callbacks:
            callback.set_model(network.model)
    return callbacks


def _error(error: BaseException) -> dict[str, str]:
    message = error.message if isinstance(error, DeepzooError) else str(error)
    return {"type": type(error).__name__, "message": message}


def _out_of_memory(error: Exception, workload: Workload) -> ResourceError | None:
    if not isinstance(error, MemoryError) and type(error).__name__ != "ResourceExhaustedError":
        return None
    size = workload.recipes.model.batch_size
    return ResourceError(
        f"Out of memory with a batch size of {size}.",
        f"Try --batch-size {max(1, size // 2)}; the run can be resumed once memory is free.",
    )
