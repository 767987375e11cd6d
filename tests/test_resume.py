"""An interrupted run, resumed, ends bit for bit like one that was never interrupted."""

from __future__ import annotations

import pytest
from training_cases import SMALL, cut_after, cut_in_validation, digest, interrupted

from deepzoo import api
from deepzoo.errors import CheckpointError, ResumeError

MODELS = {
    "point-dense": {"batch_norm": True, "model.noise": 0.1, "optimizer": "adamw", "schedule": "cosine"},
    "point-stream": {"window": 2, "batch_size": 6},
    "point-perceptron": {},
}


def options(model: str) -> dict:
    """Returns a small training with everything that has a state."""
    return {"settings": {**SMALL, **MODELS[model]}, "model": model}


@pytest.fixture(scope="module")
def whole():
    """Digests of runs that were never interrupted, by model."""
    return {}


def expected(whole, model: str) -> str:
    """Trains a model without a cut, once."""
    if model not in whole:
        whole[model] = digest(api.train("clusters", **options(model)))
    return whole[model]


@pytest.mark.parametrize("step", range(1, 12))
def test_a_run_cut_after_any_step_resumes_exactly(step, fake, monkeypatch, whole):
    aim = expected(whole, "point-dense")
    with monkeypatch.context() as patched:
        cut_after(patched, step)
        run = interrupted(**options("point-dense"))
    assert run.status == "interrupted"
    assert digest(api.resume(run)) == aim


@pytest.mark.parametrize("model", ["point-stream", "point-perceptron"])
@pytest.mark.parametrize("step", [1, 3, 5])
def test_carried_states_and_plain_numpy_resume_exactly(model, step, fake, monkeypatch, whole):
    aim = expected(whole, model)
    with monkeypatch.context() as patched:
        cut_after(patched, step)
        run = interrupted(**options(model))
    assert digest(api.resume(run)) == aim


def test_a_run_cut_inside_validation_resumes_exactly(fake, monkeypatch, whole):
    aim = expected(whole, "point-dense")
    with monkeypatch.context() as patched:
        cut_in_validation(patched, 2)
        run = interrupted(**options("point-dense"))
    assert len(run.history) == 1
    assert digest(api.resume(run)) == aim


def test_a_run_cut_twice_resumes_exactly(fake, monkeypatch, whole):
    aim = expected(whole, "point-dense")
    with monkeypatch.context() as patched:
        cut_after(patched, 3)
        run = interrupted(**options("point-dense"))
    with monkeypatch.context() as patched:
        cut_after(patched, 7)
        with pytest.raises(Exception, match="Stopped in epoch 2"):
            api.resume(run)
    assert digest(api.resume(run)) == aim


def test_losing_the_seed_states_changes_the_result(fake, monkeypatch, whole):
    aim = expected(whole, "point-dense")
    with monkeypatch.context() as patched:
        cut_after(patched, 5)
        run = interrupted(**options("point-dense"))
    from deepzoo.training.keras_loop import KerasLoop

    real = KerasLoop.load_state

    def without_seeds(self, arrays):
        zeroed = {k: v * 0 if "seed" in k else v for k, v in arrays.items()}
        assert any("seed" in key for key in arrays)
        real(self, zeroed)

    monkeypatch.setattr(KerasLoop, "load_state", without_seeds)
    assert digest(api.resume(run)) != aim


def test_another_order_changes_the_result(fake, monkeypatch, whole):
    aim = expected(whole, "point-dense")
    from deepzoo.batches import BatchOrder

    real = BatchOrder.epoch
    monkeypatch.setattr(BatchOrder, "epoch", lambda self, epoch: real(self, epoch + 1))
    assert digest(api.train("clusters", **options("point-dense"))) != aim


def test_a_finished_run_has_nothing_to_resume(fake):
    run = api.train("clusters", model="point-perceptron", **SMALL)
    events = []
    again = api.resume(run, on_event=events.append)
    assert "nothing to do" in events[0]["text"]
    assert len(again.history) == 3


def test_a_finished_run_goes_on_to_more_epochs(fake):
    run = api.train("clusters", model="point-perceptron", **SMALL)
    assert [row["epoch"] for row in api.resume(run, epochs=5).reload().history] == [1, 2, 3, 4, 5]


def test_changed_data_are_refused_unless_allowed(fake, monkeypatch):
    with monkeypatch.context() as patched:
        cut_after(patched, 3)
        run = interrupted(model="point-perceptron", **SMALL)
    run.update(fingerprint="0" * 64)
    with pytest.raises(ResumeError, match="000000000000 then"):
        api.resume(run)
    assert api.resume(run, allow_data_change=True).status == "finished"


def test_other_shapes_are_refused_with_a_difference(fake, monkeypatch):
    with monkeypatch.context() as patched:
        cut_after(patched, 3)
        run = interrupted(model="point-dense", **SMALL)
    run.update(spec={**run.spec, "features": 7})
    with pytest.raises(ResumeError, match="features 7 -> 2"):
        api.resume(run)


def test_a_run_in_use_is_refused(fake, monkeypatch):
    with monkeypatch.context() as patched:
        cut_after(patched, 3)
        run = interrupted(model="point-perceptron", **SMALL)
    with run.locked(), pytest.raises(ResumeError, match="in use by process"):
        api.resume(api.load(run.id))


@pytest.mark.parametrize("file", ["arrays.safetensors", "state.json", "manifest.json"])
@pytest.mark.parametrize("damage", ["truncated", "flipped", "empty", "missing"])
def test_a_damaged_checkpoint_is_passed_over(file, damage, fake, monkeypatch, whole):
    from deepzoo import checkpoints

    aim = expected(whole, "point-perceptron")
    with monkeypatch.context() as patched:
        cut_after(patched, 6)
        run = interrupted(**options("point-perceptron"))
    folder = run.path / "checkpoints"
    newest = folder / checkpoints.checkpoint_names(folder)[0] / file
    content = newest.read_bytes()
    if damage == "missing":
        newest.unlink()
    elif damage == "flipped":
        newest.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    else:
        newest.write_bytes(content[: len(content) // 2] if damage == "truncated" else b"")
    events = []
    run = api.resume(run, on_event=events.append)
    assert any("Trying the one before" in event.get("text", "") for event in events)
    assert digest(run) == aim


def test_no_whole_checkpoint_is_an_error(fake, monkeypatch):
    with monkeypatch.context() as patched:
        cut_after(patched, 3)
        run = interrupted(model="point-perceptron", **SMALL)
    for path in (run.path / "checkpoints").glob("ckpt-*/manifest.json"):
        path.unlink()
    with pytest.raises(CheckpointError, match="No checkpoint in"):
        api.resume(run)
