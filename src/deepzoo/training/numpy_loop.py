"""Training networks without Keras: in closed form, or batch by batch."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..errors import UsageError
from ..evaluation.validation import validate_by_task
from ..plugins.calls import calling
from .batches import BatchOrder, evaluation_order

if TYPE_CHECKING:
    import numpy as np

    from ..interfaces.model import Model
    from ..interfaces.task import Prepared
    from .trainer import Trainer


MOST_ROWS = 20_000  # of losses inside epochs; beyond that every other one is kept


class NumpyLoop:
    """Feeds a `train_step` network the same batches that Keras networks get.

    Args:
        network: Has `train_step(inputs, targets, weights) -> logs`, `state` and
            `load_state`; optionally `test_step` for validation, `learning_rate`, and
            `reset_states` for the start of an epoch. Three attributes are optional too:
            `running`, the logs that are running means already, so that their last value
            counts; `record_steps`, after how many steps these go into the run's
            `steps.json`; and `sample_steps`, after how many the task writes a sample, as it
            does after the first step.
        prepared: The arrays.
        model: The training settings.
        order: The order of batches.
    """

    def __init__(self, network: Any, prepared: Prepared, model: Model, order: BatchOrder) -> None:
        if model.watch_test:
            raise UsageError(
                f"'{model.name}' is a network without Keras, which cannot watch the test split: "
                "watch_test expected False, received True."
            )
        self.network, self.model = network, model
        self.prepared = prepared
        self.order = order
        self._totals: dict[str, float] = {}
        self._running: dict[str, float] = {}
        self._batches = 0
        self._rows: list[dict[str, Any]] = []
        self._sparser = 1

    def run_epoch(self, trainer: Trainer, epoch: int, first: int) -> dict[str, float]:
        """Trains from batch `first` of `epoch` to its end, or until the trainer stops."""
        if first == 0:
            self._totals, self._batches = {}, 0
            if hasattr(self.network, "reset_states"):
                self.network.reset_states()
        examples = self.order.arrange(self.prepared.train, epoch)
        for position, indices in enumerate(self.order.epoch(epoch)[first:], start=first):
            trainer.batch_begin(epoch, position)
            batch = examples.batch(indices)
            with calling(self.model, "train_step"):
                self._add(self.network.train_step(*batch))
            # Before the trainer may save: what is resumed must not lack the last row.
            self._observe(trainer, epoch, position)
            if trainer.batch_end(epoch, position, self._logs()):
                break
        if self._rows:
            trainer.run.save("steps", self._rows)
        return self._logs()

    def validate(self, trainer: Trainer) -> dict[str, float]:
        """Scores the validation split, by the task and by the network if it has a `test_step`."""
        if not hasattr(self.network, "test_step") or not len(self.prepared.validation):
            return validate_by_task(trainer.task, self.network, self.prepared)
        carries = hasattr(self.network, "reset_states")
        kept = self.network.state() if carries else {}
        if carries:
            self.network.reset_states()
        arrays, totals, examples = self.prepared.validation, {}, 0
        order = evaluation_order(len(arrays), self.order.batch_size, self.order.order)
        for indices in order:
            # Streams that have ended are the last rows: those that go on keep their places.
            chosen = indices[indices >= 0]
            batch = arrays.batch(chosen)
            with calling(self.model, "test_step"):
                logs = self.network.test_step(*batch)
            for name, value in logs.items():
                totals[name] = totals.get(name, 0.0) + float(value) * len(chosen)
            examples += len(chosen)
            if trainer.stop:
                break
        scores = {f"val_{name}": total / examples for name, total in totals.items()}
        if not trainer.stop:
            scores |= validate_by_task(trainer.task, self.network, self.prepared)
        if carries:
            self.network.load_state(kept)
        return scores

    def averaged_arrays(self) -> dict[str, np.ndarray]:
        """Returns the weights that count; these networks keep no moving average."""
        return self.network.arrays()

    def finish(self) -> None:
        """Does nothing: the weights that count are in the network."""

    def set_learning_rate(self, rate: float) -> None:
        """Sets the learning rate of the next step, if the network has one."""
        if hasattr(self.network, "learning_rate"):
            self.network.learning_rate = rate

    def state(self, inside_epoch: bool) -> dict[str, np.ndarray]:
        """Copies the whole state of the training."""
        import numpy as np

        arrays = {f"network/{key}": value for key, value in self.network.state().items()}
        running = {
            "totals": self._totals,
            "running": self._running,
            "batches": self._batches,
            "rows": self._rows,
            "sparser": self._sparser,
        }
        return {**arrays, "running": np.frombuffer(json.dumps(running).encode(), np.uint8).copy()}

    def load_state(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Takes over what `state` returned."""
        prefix = "network/"
        self.network.load_state(
            {k.removeprefix(prefix): v for k, v in arrays.items() if k.startswith(prefix)}
        )
        running = json.loads(arrays["running"].tobytes())
        self._totals, self._batches = running["totals"], running["batches"]
        self._running, self._rows = running.get("running", {}), running.get("rows", [])
        self._sparser = running.get("sparser", 1)

    def _add(self, logs: Mapping[str, Any]) -> None:
        """Takes the logs of one more batch."""
        self._batches += 1
        for name, value in logs.items():
            if name in getattr(self.network, "running", ()):
                self._running[name] = float(value)
            else:
                self._totals[name] = self._totals.get(name, 0.0) + float(value)

    def _logs(self) -> dict[str, float]:
        means = {name: total / self._batches for name, total in self._totals.items()}
        return means | self._running

    def _observe(self, trainer: Trainer, epoch: int, position: int) -> None:
        """Keeps a row, and a sample, as often as the network wants them."""
        done = trainer.step + 1
        if _is_due(getattr(self.network, "record_steps", 0) * self._sparser, done):
            where = {"step": done, "epoch": epoch + 1, "batch": position + 1}
            self._rows.append({**where, **self._running})
            if len(self._rows) >= MOST_ROWS:
                self._rows, self._sparser = self._rows[1::2], 2 * self._sparser
        every = getattr(self.network, "sample_steps", 0)
        if _is_due(every, done) or (every and done == 1):
            trainer.progress.sample(done)


def _is_due(every: int, done: int) -> bool:
    return every > 0 and done % every == 0
