"""Executes a run inside its folder: build, train, store, score, record how it ended."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ..errors import (
    CheckpointError,
    DeepzooError,
    Interrupted,
    PluginError,
    ResourceError,
    UsageError,
)
from ..evaluation.score import score
from ..networks.keras_network import is_keras, parameters
from ..plugins.calls import calling
from ..plugins.loader import load_plugins
from ..runs import restore
from ..runs.changes import as_json, difference
from .cached_runs import baseline_scores
from .fit import fit_network
from .progress import Callback, Message, Report, tell
from .schedule import TrainingPlan
from .signals import interrupt_on_signals

_TRAINING = threading.RLock()  # a run trains its baselines in its own thread
_SIZES = ("units", "embedding", "width", "filters", "vocabulary_size")
_MANY_PARAMETERS = 50_000_000  # with gradients and optimizer about a gigabyte

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
) -> Any:
    """Trains the workload's network and stores everything in the run's folder.

    Whatever happens, `run.json` says how it ended.

    Args:
        workload: Recipes and data.
        run: The run, already described in its `run.json`.
        plan: Epochs, seed and limits of the training.
        device: Where Keras computes; None for a network without Keras.
        report: Called with each progress event.
        resume: Go on from the newest checkpoint.

    Returns:
        The trained network.
    """
    network = None
    with run.locked(), interrupt_on_signals(f"Resume it with: deepzoo resume {run.id}"):
        try:
            run.update(status="running", error=None)
            network = workload.build(device)
            if workload.start_from is not None:
                line = take_weights(network, workload.start_from, workload)
                report(Message("note", line))
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
            known = _out_of_memory(error, workload, network)
            run.update(status="failed", error=_error(known or error))
            if known:
                raise known from error
            raise


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Refuses a second training in another thread: both would draw from the same random states.

    Raises:
        UsageError: Another thread of this process trains.
    """
    if not _TRAINING.acquire(blocking=False):
        raise UsageError(
            "Another training runs in this process, in another thread.",
            "Wait for it, or train in a process of its own.",
        )
    try:
        yield
    finally:
        _TRAINING.release()


def take_weights(network: Any, other: RunFolder, workload: Workload) -> str:
    """Gives a network the weights of another run; returns a line that says which.

    Raises:
        CheckpointError: That run reads its input in another way, or its weights do not fit.
    """
    line = f"Starts from the weights of {other.id}."
    arrays, model = restore.weights(other), workload.recipes.model
    before, after = other.preprocessor, as_json(workload.prepared.preprocessor)
    if before != after:
        with calling(model, "transfer"):
            fitted = model.transfer(arrays, network.arrays(), before, after)
        if fitted is None:
            raise CheckpointError(
                f"Run {other.id} reads its input in another way: {difference(before, after)}.",
                "Start from a run on the same data, or train from scratch.",
            )
        arrays, matched = fitted
        line = f"Starts from {other.id}: {matched}"
    try:
        network.load_arrays(arrays)
    except CheckpointError as error:
        then, now = {"model": other.model}, {"model": model.name}
        if then == now:
            now = as_json({name: getattr(model, name) for name in model.own_settings()})
            then = {name: other.settings.get(f"model.{name}") for name in now}
        change = difference(then, now)
        raise CheckpointError(
            f"The weights of {other.id} do not fit this network: {change or error.message}.",
            "The architecture is that of the run: leave these settings out.",
        ) from None
    return line


def _callbacks(run: RunFolder, network: Any) -> list[Callback]:
    callbacks = []
    for plugin, made in load_plugins().call("register_callbacks", run=run):
        for callback in made:
            told = any(name.startswith("on_") for name in dir(callback))
            if isinstance(callback, type) or not told:
                raise PluginError(
                    f"{plugin} registered {callback!r:.80} as a callback, expected an object "
                    "such as a keras.callbacks.Callback."
                )
            callbacks.append(Callback(callback, str(plugin)))
    if is_keras(network):
        tell(callbacks, "set_model", network.model)
    return callbacks


def _error(error: BaseException) -> dict[str, str]:
    message = error.message if isinstance(error, DeepzooError) else str(error)
    return {"type": type(error).__name__, "message": message}


def _out_of_memory(error: Exception, workload: Workload, network: Any) -> ResourceError | None:
    """Says which setting to lower: that of the network's size, or else the batch size."""
    if not isinstance(error, MemoryError) and type(error).__name__ != "ResourceExhaustedError":
        return None
    model = workload.recipes.model
    size = model.batch_size
    sizes = {name: value for name in _SIZES if type(value := getattr(model, name, None)) is int}
    large = network is None or size == 1 or (parameters(network) or 0) > _MANY_PARAMETERS
    if large and sizes:
        widest = max(sizes, key=lambda name: sizes[name])
        return ResourceError(
            f"Out of memory: the network of {model.name} is too large with "
            f"{widest}={sizes[widest]}.",
            f"Make it smaller: --set {widest}={max(1, sizes[widest] // 2)}",
        )
    return ResourceError(
        f"Out of memory with a batch size of {size}.",
        f"Try --batch-size {max(1, size // 2)}; the run can be resumed once memory is free.",
    )
