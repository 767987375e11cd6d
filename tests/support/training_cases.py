"""What the tests of training share: a digest of a run, and a cut after a given step."""

from __future__ import annotations

import hashlib
import json

import pytest

from deepzoo import api
from deepzoo.errors import Interrupted
from deepzoo.training import checkpoints
from deepzoo.training.trainer import Trainer

SMALL = {"points": 60, "epochs": 3, "batch_size": 12}  # 4 steps in each of 3 epochs


def digest(run) -> str:
    """Hashes weights, optimizer, seeds and history, leaving out what clocks say."""
    found = hashlib.sha256((run.path / "weights.safetensors").read_bytes())
    checkpoint, _ = checkpoints.load_newest(run.path / "checkpoints")
    for name in sorted(checkpoint.arrays):
        found.update(name.encode() + checkpoint.arrays[name].tobytes())
    rows = [{k: v for k, v in row.items() if k != "seconds"} for row in run.reload().history]
    found.update(json.dumps(rows).encode())
    return found.hexdigest()


def cut_after(monkeypatch, step: int) -> None:
    """Makes trainings behave as if a signal came during step number `step`."""
    real = Trainer.batch_end

    def batch_end(self, epoch, batch, logs):
        if self.step + 1 == step:
            self.stop.signal_number = 15
        return real(self, epoch, batch, logs)

    monkeypatch.setattr(Trainer, "batch_end", batch_end)


def cut_in_validation(monkeypatch, epoch: int) -> None:
    """Makes trainings behave as if a signal came while epoch number `epoch` is validated."""
    from deepzoo.training.keras_loop import KerasLoop

    real = KerasLoop.validate

    def validate(self, trainer):
        if len(trainer.history) + 1 == epoch:
            trainer.stop.signal_number = 15
        return real(self, trainer)

    monkeypatch.setattr(KerasLoop, "validate", validate)


def interrupted(**options):
    """Trains until the cut, and returns the interrupted run."""
    with pytest.raises(Interrupted) as caught:
        api.train("clusters", **options)
    assert caught.value.exit_code == 143
    return api.load(caught.value.hint.split()[-1])
