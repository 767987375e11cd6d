"""Carries out a training inside a run's folder: train, store, score, account for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from .arrays import save_arrays
from .errors import CheckpointError, DataError, DeepzooError, Interrupted, ResourceError
from .evaluation import score
from .signals import interrupt_on_signals
from .training import Trainer, TrainingPlan
from .training.progress import tell

if TYPE_CHECKING:
    from .devices import Device
    from .job import Job
    from .run import Run

Report = Callable[[dict[str, Any]], None]


def carry_out(
    job: Job,
    run: Run,
    plan: TrainingPlan,
    device: Device | None,
    report: Report,
    *,
    resume: bool = False,
    start_from: Run | None = None,
) -> None:
    """Trains the job's network and stores everything in the run's folder.

    Whatever happens, `run.json` says how it ended.

    Args:
        job: Recipes and data.
        run: The run, already described in its `run.json`.
        plan: What was asked.
        device: Where Keras computes; None for a network without Keras.
        report: Takes progress events.
        resume: Go on from the newest checkpoint.
        start_from: Another run whose weights to begin with.
    """
    with run.locked(), interrupt_on_signals(f"Go on with: deepzoo resume {run.id}"):
        try:
            run.update(status="running", error=None)
            network = job.build(device)
            if start_from is not None:
                _take_weights(network, start_from, job)
            callbacks = _callbacks(run, network)
            results = train_network(job, run, network, plan, report, resume, callbacks)
            store_weights(run, network)
            run.attach(network)
            report({"kind": "phase", "text": "Scoring the test split"})
            score(job, run, network)
            run.update(
                **results,
                status="finished",
                finished=datetime.now(UTC).isoformat(timespec="seconds"),
            )
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
            known = _out_of_memory(error, job)
            run.update(status="failed", error=_error(known or error))
            if known:
                raise known from error
            raise


def train_network(
    job: Job,
    run: Run,
    network: Any,
    plan: TrainingPlan,
    report: Report,
    resume: bool,
    callbacks: Sequence[Any] = (),
) -> dict[str, Any]:
    """Trains the network of a job, by its own kind of loop; returns fields for `run.json`."""
    model, prepared = job.recipes["model"], job.prepared
    if not len(prepared.train):
        raise DataError(f"The training split of '{job.recipes['dataset'].name}' has no examples.")
    run.update(parameters=parameters(network))
    if hasattr(network, "fit_arrays"):
        import time

        began = time.perf_counter()
        report({"kind": "phase", "text": f"Fitting {model.name}"})
        tell(callbacks, "on_train_begin")
        network.fit_arrays(prepared.train.inputs, prepared.train.targets)
        tell(callbacks, "on_train_end")
        seconds = round(time.perf_counter() - began, 3)
        return {"epochs": 1, "steps": 1, "seconds": seconds, "best_epoch": None, "stopped_by": None}
    task = job.recipes["task"]
    trainer = Trainer(run, network, prepared, model, task, plan, report, callbacks)
    report(
        {
            "kind": "plan",
            "run": run.id,
            "layers": len(getattr(getattr(network, "model", None), "layers", [])),
            "parameters": parameters(network),
            "steps": trainer.order.steps * plan.epochs,
            "epochs": plan.epochs,
            "max_minutes": plan.max_minutes,
        }
    )
    return trainer.fit(resume)


def parameters(network: Any) -> int | None:
    """Counts the weights of a network; None where they are not known before fitting."""
    if hasattr(network, "model"):
        return int(network.model.count_params())
    try:
        return sum(int(array.size) for array in network.arrays().values())
    except (DeepzooError, AttributeError, TypeError, ValueError):
        return None


def layers_of(network: Any) -> list[dict[str, Any]]:
    """Lists the layers of a Keras network: name, type, output shape, parameters."""
    if not hasattr(network, "model"):
        return []
    return [
        {
            "layer": layer.name,
            "type": type(layer).__name__,
            "output": list(getattr(layer.output, "shape", ())),
            "parameters": int(layer.count_params()),
        }
        for layer in network.model.layers
    ]


def store_weights(run: Run, network: Any) -> None:
    """Replaces the run's `weights.safetensors`."""
    import os

    temporary = run.path / "weights.safetensors.tmp"
    save_arrays(temporary, network.arrays())
    os.replace(temporary, run.path / "weights.safetensors")


def _take_weights(network: Any, other: Run, job: Job) -> None:
    if other.preprocessor != job.prepared.preprocessor:
        from .record import difference

        change = difference(other.preprocessor, job.prepared.preprocessor)
        raise CheckpointError(
            f"Run {other.id} reads its input in another way: {change}.",
            "Start from a run on the same data, or train from scratch.",
        )
    network.load_arrays(other.arrays())


def _callbacks(run: Run, network: Any) -> list[Any]:
    from .plugins import load_plugins

    callbacks = [
        callback
        for _, made in load_plugins().call("register_callbacks", run=run)
        for callback in made
    ]
    for callback in callbacks:
        if hasattr(network, "model"):
            callback.set_model(network.model)
    return callbacks


def _error(error: BaseException) -> dict[str, str]:
    message = error.message if isinstance(error, DeepzooError) else str(error)
    return {"type": type(error).__name__, "message": message}


def _out_of_memory(error: Exception, job: Job) -> ResourceError | None:
    if not isinstance(error, MemoryError) and type(error).__name__ != "ResourceExhaustedError":
        return None
    size = job.recipes["model"].batch_size
    return ResourceError(
        f"Out of memory with a batch size of {size}.",
        f"Try --batch-size {max(1, size // 2)}; the run can be resumed once memory is free.",
    )
