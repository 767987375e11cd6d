"""An interrupted run, resumed, ends bit for bit like one that was never interrupted."""

from __future__ import annotations

import dataclasses

import pytest
from training_cases import SMALL, cut_after, cut_in_validation, digest, interrupted

from deepzoo import api
from deepzoo.cli import main
from deepzoo.errors import CheckpointError, DataError, Interrupted, ResumeError

MODELS = {
    "point-dense": {
        "batch_norm": True,
        "model.noise": 0.1,
        "optimizer": "adamw",
        "schedule": "cosine",
        "average": 0.9,
    },
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


def cut_perceptron(monkeypatch):
    """Trains the NumPy network until it is cut in its first epoch."""
    with monkeypatch.context() as patched:
        cut_after(patched, 3)
        return interrupted(model="point-perceptron", **SMALL)


def cut_and_go_on(monkeypatch, run, step: int) -> None:
    """Resumes a run until it is cut again."""
    with monkeypatch.context() as patched:
        cut_after(patched, step)
        with pytest.raises(Interrupted):
            api.resume(run)
    assert run.reload().status == "interrupted"


def test_a_run_cut_after_every_single_step_resumes_exactly(fake, monkeypatch, whole):
    aim = expected(whole, "point-dense")
    with monkeypatch.context() as patched:
        cut_after(patched, 1)
        run = interrupted(**options("point-dense"))
    for step in range(2, 12):
        cut_and_go_on(monkeypatch, run, step)
    assert digest(api.resume(run)) == aim


@pytest.mark.parametrize("step", range(1, 13))
def test_plain_numpy_cut_after_any_step_resumes_exactly(step, fake, monkeypatch, whole):
    aim = expected(whole, "point-perceptron")
    with monkeypatch.context() as patched:
        cut_after(patched, step)
        run = interrupted(**options("point-perceptron"))
    assert digest(api.resume(run)) == aim


def test_carried_states_resume_exactly(fake, monkeypatch, whole):
    aim = expected(whole, "point-stream")
    with monkeypatch.context() as patched:
        cut_after(patched, 1)
        run = interrupted(**options("point-stream"))
    for step in (3, 8):
        cut_and_go_on(monkeypatch, run, step)
    assert digest(api.resume(run)) == aim


def test_a_run_cut_inside_validation_resumes_exactly(fake, monkeypatch, whole):
    aim = expected(whole, "point-dense")
    with monkeypatch.context() as patched:
        cut_in_validation(patched, 2)
        run = interrupted(**options("point-dense"))
    assert len(run.history) == 1
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
    from deepzoo.training.batches import BatchOrder

    real = BatchOrder.epoch
    monkeypatch.setattr(BatchOrder, "epoch", lambda self, epoch: real(self, epoch + 1))
    assert digest(api.train("clusters", **options("point-dense"))) != aim


def test_a_finished_run_has_nothing_to_resume(fake):
    run = api.train("clusters", model="point-perceptron", **SMALL)
    events = []
    again = api.resume(run, on_event=events.append)
    assert "nothing to do" in events[0].text
    assert len(again.history) == 3


def test_a_run_stopped_by_its_time_budget_is_trained_to_its_planned_epochs(fake, capsys):
    words = ["train", "clusters", "--model", "point-perceptron", "--set", "points=60"]
    words += ["--epochs", "3", "--batch-size", "12", "--max-minutes", "1e-3", "--name", "short"]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("deepzoo.training.schedule.TrainingClock.out_of_time", lambda self: True)
        assert main(words) == 0
    assert "after epoch 1 of 3" in capsys.readouterr().err
    assert api.load("clusters/short").record["stopped_by"] == "time"
    assert [row["epoch"] for row in api.resume("clusters/short").reload().history] == [1, 2, 3]


def test_a_finished_run_goes_on_to_more_epochs(fake):
    run = api.train("clusters", model="point-perceptron", **SMALL)
    assert [row["epoch"] for row in api.resume(run, epochs=5).reload().history] == [1, 2, 3, 4, 5]


def test_changed_data_are_refused(fake, monkeypatch):
    run = cut_perceptron(monkeypatch)
    run.update(fingerprint="0" * 64)
    with pytest.raises(DataError, match="000000000000 then") as refused:
        api.resume(run)
    assert "train anew: deepzoo train clusters" in refused.value.hint


def test_a_task_that_takes_no_preprocessor_refuses_data_that_would_be_encoded_otherwise(fake):
    run = api.train("clusters", model="point-perceptron", **SMALL)
    splits = run.workload().data.splits
    other = dataclasses.replace(splits, train=splits.train.take(range(30)))
    with pytest.raises(DataError, match="prepare takes no preprocessor: mean"):
        run.evaluate(data=other)
    fewer = dataclasses.replace(splits, test=splits.test.take(range(3)))
    assert run.evaluate(data=fewer)["examples"] == 3
    assert api.load(run.id).results["examples"] == len(splits.test)


def test_other_shapes_are_refused_with_a_difference(fake, monkeypatch):
    run = cut_perceptron(monkeypatch)
    run.update(spec={**run.spec, "features": 7})
    with pytest.raises(ResumeError, match="features 7 -> 2"):
        api.resume(run)


def test_a_run_in_use_is_refused(fake, monkeypatch):
    run = cut_perceptron(monkeypatch)
    with run.locked(), pytest.raises(ResumeError, match="in use by process"):
        api.resume(api.load(run.id))


@pytest.mark.parametrize("file", ["arrays.safetensors", "state.json", "manifest.json"])
@pytest.mark.parametrize("damage", ["truncated", "flipped", "empty", "missing"])
def test_a_damaged_checkpoint_is_passed_over(file, damage, fake, monkeypatch, whole):
    from deepzoo.training import checkpoints

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
    assert any("Trying the one before" in getattr(event, "text", "") for event in events)
    assert digest(run) == aim


def test_no_whole_checkpoint_is_an_error(fake, monkeypatch):
    run = cut_perceptron(monkeypatch)
    for path in (run.path / "checkpoints").glob("ckpt-*/manifest.json"):
        path.unlink()
    with pytest.raises(CheckpointError, match="No checkpoint in"):
        api.resume(run)


def test_patience_is_remembered_by_what_is_stored(fake, monkeypatch):
    options = {"model": "point-perceptron", "points": 60, "learning_rate": 9.0, "patience": 2}
    whole = api.train("clusters", epochs=30, **options)
    assert whole.record["stopped_by"] == "patience"
    with monkeypatch.context() as patched:
        # A signal while the last epoch is stored: resuming must not train one more.
        from deepzoo.training.trainer import Trainer

        real, last = Trainer._save, len(whole.history)

        def save(self, *arguments):
            if len(self.history) == last:
                self.stop.signal_number = 15
            return real(self, *arguments)

        patched.setattr(Trainer, "_save", save)
        run = interrupted(epochs=30, **options)
    run = api.resume(run)
    assert (run.record["stopped_by"], digest(run)) == ("patience", digest(whole))
    assert len(api.resume(run, epochs=30).reload().history) == 30


def test_weights_of_another_run_survive_a_cut_before_the_first_checkpoint(fake, monkeypatch):
    first = api.train("clusters", model="point-perceptron", **SMALL)
    whole = api.train("clusters", model="point-perceptron", from_run=first, **SMALL)
    assert f"--from {first.id}" in whole.record["command"]

    from deepzoo.training.trainer import Trainer

    with monkeypatch.context() as patched:
        patched.setattr(Trainer, "fit", lambda self, resume: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            api.train("clusters", model="point-perceptron", from_run=first, name="cut", **SMALL)
    assert digest(api.resume("clusters/cut")) == digest(whole)
    assert digest(whole) != digest(first)


def test_another_version_of_a_plugin_is_a_warning(fake, monkeypatch):
    run = cut_perceptron(monkeypatch)
    plugins = {k: {**v, "version": "0.0"} for k, v in run.record["plugins"].items()}
    run.update(plugins=plugins, versions={**run.record["versions"], "numpy": "1.0"})
    events = []
    api.resume(run, on_event=events.append)
    texts = [event.text for event in events if getattr(event, "level", "") == "warning"]
    assert any("numpy 1.0 -> " in text and "deepzoo-fake 0.0 -> 0.1" in text for text in texts)


def test_a_run_without_settings_has_nothing_to_resume(fake):
    from deepzoo.runs import store

    store.create("clusters", "point-perceptron", "early")
    run = api.load("clusters/early")
    run.update(pid=None)
    with pytest.raises(ResumeError, match="nothing to resume"):
        api.resume(run)


def test_edited_settings_are_refused_with_a_difference(fake, monkeypatch):
    run = cut_perceptron(monkeypatch)
    run.update(settings={**run.settings, "model.learning_rate": 0.5})
    with pytest.raises(ResumeError, match=r"model.learning_rate 0.2 -> 0.5"):
        api.resume(api.load(run.id))
