"""Trainer: epochs, validation, history, checkpoints and the end of a training."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..errors import DataError, DivergedError, Interrupted
from ..evaluation.validation import rank
from ..networks.keras_network import is_keras
from ..plugins.calls import calling
from .batches import BatchOrder
from .checkpoints import best_name, load_checkpoint, load_newest, prune, save_checkpoint, step_name
from .compatibility import refuse_other_settings
from .progress import EpochEnded, Message, Progress, Report, tell
from .schedule import TrainingClock, TrainingPlan
from .signals import StopRequest, stop_on_signals

if TYPE_CHECKING:
    from ..interfaces.model import Model
    from ..interfaces.task import Prepared, Task
    from ..runs.folder import RunFolder


class Trainer:
    """Trains one network inside the folder of its run.

    Args:
        run: The run whose folder takes history, samples and checkpoints.
        network: What the model built, under the core's adapter.
        prepared: The splits as the task prepared them.
        model: The training settings.
        task: Gives loss, metrics and samples.
        plan: Epochs, seed and limits of the training.
        report: Called with each progress event.
        callbacks: Keras callbacks of plugins.
    """

    def __init__(
        self,
        run: RunFolder,
        network: Any,
        prepared: Prepared,
        model: Model,
        task: Task,
        plan: TrainingPlan,
        report: Report,
        callbacks: Sequence[Any],
    ) -> None:
        size = min(model.batch_size, len(prepared.train))
        if size < 1:
            raise DataError("The training split has no examples.")
        self.run, self.network, self.prepared = run, network, prepared
        self.model, self.task, self.plan, self.callbacks = model, task, plan, callbacks
        self.order = BatchOrder(len(prepared.train), size, model.order, plan.seed)
        self.loop = self._make_loop()
        self.folder = run.path / "checkpoints"
        self.history: list[dict[str, Any]] = []
        self.stop = StopRequest()
        self.step = 0
        self.best: dict[str, Any] = {}
        self.clock = TrainingClock(
            self.order.steps * plan.epochs, plan.max_minutes and plan.max_minutes * 60
        )
        self.progress = Progress(report, self)
        self._saved_at = time.monotonic()

    def fit(self, resume: bool = False) -> dict[str, Any]:
        """Trains to the end of the plan.

        Args:
            resume: Go on from the newest whole checkpoint of the run, if there is one.

        Returns:
            Fields for `run.json`: epochs, steps, seconds, best epoch, what stopped it.

        Raises:
            Interrupted: A signal came; everything is saved.
            DivergedError: The loss is no longer finite.
        """
        epoch, batch, logs = self._restore() if resume else (0, 0, None)
        with stop_on_signals() as self.stop:
            self.tell("on_train_begin")
            try:
                while epoch < self.plan.epochs and not self._stopped_by(batch):
                    self._epoch(epoch, batch, logs)
                    epoch, batch, logs = epoch + 1, 0, None
                    if self.stop:
                        self._interrupt(epoch, 0, None)
            finally:
                self.tell("on_train_end")
        self._take_best()
        return {
            "epochs": len(self.history),
            "steps": self.step,
            "seconds": round(self.clock.seconds, 3),
            "best_epoch": self.best.get("epoch"),
            "stopped_by": self._stopped_by(0),
        }

    def batch_begin(self, epoch: int, batch: int) -> None:
        """Called by the loop before each batch."""
        if self.model.schedule != "constant" or self.model.warmup:
            self.loop.set_learning_rate(self.clock.rate(self.model, self.step))
        self.clock.batch_begin()

    def batch_end(self, epoch: int, batch: int, logs: dict[str, Any]) -> bool:
        """Called by the loop after each batch; returns whether to stop now."""
        self.clock.batch_end()
        self.step += 1
        loss = float(logs.get("loss", 0.0))
        if not math.isfinite(loss):
            raise self._diverged(f"The loss became {loss}")
        self.progress.step(epoch, batch, loss, logs)
        if self.stop or self.clock.out_of_time():
            return True
        # The last batch is followed by validation, and only then by the epoch's checkpoint.
        late = time.monotonic() - self._saved_at > self.plan.checkpoint_seconds
        if late and batch + 1 < self.order.steps:
            self._save(epoch, batch + 1)
        return False

    def tell(self, moment: str, *arguments: Any) -> None:
        """Calls a method of every callback of plugins that has it."""
        tell(self.callbacks, moment, *arguments)

    def _stopped_by(self, batch: int) -> str | None:
        """Says what ends the training between two epochs, from what a checkpoint holds."""
        if batch or not self.history:
            return None
        if self.clock.out_of_time():
            return "time"
        waited = len(self.history) - self.best.get("epoch", len(self.history))
        return "patience" if self.plan.patience and waited >= self.plan.patience else None

    def _epoch(self, epoch: int, batch: int, logs: dict[str, float] | None) -> None:
        """Runs (the rest of) one epoch, validates, and saves."""
        if logs is None:
            done = self.step
            logs = self.loop.run_epoch(self, epoch, batch)
            batch += self.step - done
        if self.stop:
            self._interrupt(epoch, batch, logs if batch >= self.order.steps else None)
        validated = self.loop.validate(self)
        if self.stop:
            self._interrupt(epoch, batch, logs)
        row = {
            "epoch": epoch + 1,
            **(logs or {}),
            **validated,
            "steps": self.step,
            "seconds": round(self.clock.seconds, 3),
            "learning_rate": self.clock.rate(self.model, self.step - 1),
        }
        with calling(self.task, "history_metrics"):
            row |= self.task.history_metrics(row, self.prepared)
        self.history.append(row)
        self.run.save("history", self.history)
        self._keep_best(epoch, row)
        with calling(self.task, "progress_sample"):
            sample = self.task.progress_sample(self.network, self.prepared, self.plan.seed)
        if sample is not None:
            self.run.save_sample(epoch + 1, sample)
        self.tell("on_epoch_end", epoch, row)
        self.progress.report(EpochEnded(self.plan.epochs, row, sample))
        self._save(epoch + 1, 0)

    def _interrupt(self, epoch: int, batch: int, logs: dict[str, float] | None) -> None:
        path = self._save(epoch, batch, logs)
        raise Interrupted(
            f"Stopped in epoch {min(epoch + 1, self.plan.epochs)} after step {self.step}; "
            f"saved in {path.name}.",
            f"Resume it with: deepzoo resume {self.run.id}",
            self.stop.signal_number,
        )

    def _save(self, epoch: int, batch: int, logs: dict[str, float] | None = None) -> Any:
        state = {
            "epoch": epoch,
            "batch": batch,
            "step": self.step,
            "logs": logs,
            "seconds": self.clock.seconds,
            "history": self.history,
            "best": self.best,
            "settings": self.run.settings,
        }
        # After the last batch `fit` is over: the next one starts with fresh metrics.
        inside = 0 < batch < self.order.steps
        with self.stop.deferred():
            path = self._store(step_name(self.step), self.loop.state(inside), state)
            prune(self.folder)
        self._saved_at = time.monotonic()
        return path

    def _store(self, name: str, arrays: dict[str, Any], state: dict[str, Any]) -> Any:
        try:
            return save_checkpoint(self.folder, name, arrays, state)
        except DivergedError as error:
            raise self._diverged(f"{error.message.rstrip('.')}: found") from error

    def _restore(self) -> tuple[int, int, dict[str, float] | None]:
        checkpoint, warnings = load_newest(self.folder)
        for text in warnings:
            self.progress.report(Message("warning", text))
        if checkpoint is None:
            return 0, 0, None
        state = checkpoint.state
        refuse_other_settings(self.run, state)
        self.loop.load_state(checkpoint.arrays)
        self.step, self.clock.seconds = state["step"], state["seconds"]
        self.history, self.best = state["history"], state["best"]
        self.run.save("history", self.history)
        return state["epoch"], state["batch"], state["logs"]

    def _keep_best(self, epoch: int, row: dict[str, Any]) -> None:
        value = None if self.model.keeps_last else rank(row, self.task.metrics)
        if value is None or not value < self.best.get("rank", [math.inf]):
            return
        self.best = {"epoch": epoch + 1, "rank": value, "name": best_name(self.step)}
        with self.stop.deferred():
            self._store(self.best["name"], self.loop.averaged_arrays(), self.best)

    def _diverged(self, what: str) -> DivergedError:
        epoch, batch = divmod(self.step - 1, self.order.steps)
        return DivergedError(
            f"{what} in epoch {epoch + 1}, step {batch + 1}, at the learning "
            f"rate {self.clock.rate(self.model, self.step - 1):g}; the last finite loss was "
            f"{self.progress.last_loss:.4g}.",
            "Lower it (--set learning_rate=...) or clip the gradients (--set clip_norm=1).",
        )

    def _take_best(self) -> None:
        self.loop.finish()
        if self.best and self.best["epoch"] != len(self.history):
            self.network.load_arrays(load_checkpoint(self.folder / self.best["name"]).arrays)

    def _make_loop(self) -> Any:
        if not is_keras(self.network):
            from .numpy_loop import NumpyLoop

            return NumpyLoop(self.network, self.prepared, self.model, self.order)
        from .keras_loop import KerasLoop

        return KerasLoop(self.network, self.prepared, self.model, self.task, self.order)
