"""The RNN in plain NumPy: its gradients, its learning, its runs, and what it refuses."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
from deepzoo_text_generation.models import NumpyRNN
from deepzoo_text_generation.numpy_rnn import NumpyRNNNetwork
from text_cases import documents
from training_cases import cut_after, digest

from deepzoo import api
from deepzoo.errors import CheckpointError, DataError, DivergedError, Interrupted, UsageError
from deepzoo.recurrent import gradient_check
from deepzoo.testing import check_model

pytestmark = pytest.mark.usefixtures("no_baselines")

SPEC = {"vocabulary": 9, "seed": 0}
TEXT = "the quick brown fox jumps over the lazy dog.\n" * 150
QUICK = {"units": 24, "sample_steps": 50, "evaluate_texts": 0}


def network(dtype=np.float32, **settings):
    return NumpyRNNNetwork(NumpyRNN(**{"units": 8, **settings}), SPEC, dtype)


def rows(n: int, steps: int, seed: int = 0):
    tokens = np.random.default_rng(seed).integers(0, SPEC["vocabulary"], (n, steps + 1))
    return tokens[:, :-1], tokens[:, 1:]


@pytest.fixture
def train(tmp_path):
    """Trains on a long text, of which two tenths are held out."""

    def train(epochs: int = 2, **settings):
        path = tmp_path / "book.txt"
        path.write_text(TEXT, encoding="utf-8")
        settings = {**QUICK, **settings}
        return api.train(
            "text", data=str(path), model="numpy-rnn", epochs=epochs, settings=settings
        )

    return train


@pytest.mark.parametrize("n", [1, 3])
def test_every_gradient_over_25_steps_is_right_to_1e_7(n):
    rnn = network(np.float64)
    inputs, targets = rows(n, 25)
    state = (np.random.default_rng(1).normal(size=(n, 8)),)
    _, gradients, _ = rnn.gradients(inputs, targets, state)
    errors = gradient_check(
        lambda: rnn.gradients(inputs, targets, state)[0], rnn.parameters, gradients, step=1e-4
    )
    assert list(errors) == ["U", "W", "b", "V", "c"]
    assert max(error.relative for error in errors.values()) <= 1e-7


def test_weights_and_biases_are_drawn_alike():
    rnn = NumpyRNNNetwork(NumpyRNN(), {"vocabulary": 80, "seed": 3})
    for name, size in {"U": 8000, "W": 10_000, "b": 100, "V": 8000, "c": 80}.items():
        array = rnn.parameters[name]
        assert array.size == size
        assert array.std() == pytest.approx(0.1, rel=0.25), name
    other = NumpyRNNNetwork(NumpyRNN(), {"vocabulary": 80, "seed": 4})
    assert not np.array_equal(rnn.parameters["W"], other.parameters["W"])


def test_the_smooth_loss_takes_a_thousandth_of_each_loss():
    rnn, (inputs, targets) = network(), rows(1, 25)
    assert rnn.smooth_loss == pytest.approx(25 * np.log(9))
    before = rnn.smooth_loss
    logs = rnn.train_step(inputs, targets)
    assert logs["smooth_loss"] == pytest.approx(0.999 * before + 0.001 * 25 * logs["loss"])


def test_the_state_is_carried_in_streams_alone():
    (first, _), (second, targets) = rows(2, 10), rows(2, 10, seed=1)
    losses = {}
    for order in ("streams", "shuffled"):
        rnn = network(order=order)
        rnn.test_step(first, second)
        losses[order] = rnn.test_step(second, targets)["loss"]
        rnn.reset_states()
        losses["fresh"] = rnn.test_step(second, targets)["loss"]
    assert losses["shuffled"] == losses["fresh"] != losses["streams"]
    rnn = network()
    both = np.concatenate([first, second], axis=1)
    logits = rnn.predict(both)[:, 10:]
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    target_probabilities = np.take_along_axis(probabilities, targets[..., None], axis=-1)
    assert losses["streams"] == pytest.approx(-np.log(target_probabilities).mean(), rel=1e-5)


def test_clipping_and_the_prior_change_the_step():
    inputs, targets = rows(1, 25)

    def after(**settings):
        rnn = network(**settings)
        for _ in range(30):
            rnn.train_step(inputs, targets)
        return np.concatenate([array.ravel() for array in rnn.parameters.values()])

    plain = after()
    assert not np.array_equal(after(clip=0.01), plain)
    assert not np.array_equal(after(clip_norm=0.5), plain)
    assert np.linalg.norm(after(l2=1.0)) < np.linalg.norm(plain)


def test_it_learns_and_keeps_what_the_report_shows(train):
    run = train(epochs=4)
    losses = [row["loss"] for row in run.history]
    smooth = [row["smooth_loss"] for row in run.history]
    assert losses[-1] < 0.5 * losses[0]
    assert sorted(smooth, reverse=True) == smooth
    assert run.history[-1]["val_bits_per_character"] < 1
    assert 0 < run.metrics["bits_per_character"] < 2
    steps = json.loads((run.path / "steps.json").read_text(encoding="utf-8"))
    per_epoch = run.history[0]["steps"]
    assert [row["step"] for row in steps] == list(range(100, 4 * per_epoch + 1, 100))
    for row in steps:
        assert (row["epoch"] - 1) * per_epoch + row["batch"] == row["step"]
    assert steps[0]["smooth_loss"] > steps[-1]["smooth_loss"]
    samples = sorted((run.path / "samples").glob("step-*.txt"))
    assert [path.stem for path in samples[:3]] == ["step-0001", "step-0050", "step-0100"]
    assert all(len(path.read_text(encoding="utf-8")) == 200 for path in samples)


def test_a_loaded_run_writes_and_scores_as_the_trained_one_does(train):
    trained = train(epochs=1)
    run = api.load(trained.id)
    metrics = run.evaluate()["metrics"]
    assert metrics["bits_per_character"] == trained.metrics["bits_per_character"]
    text = run.generate("the", length=50, seed=1)
    assert text == trained.generate("the", length=50, seed=1)
    assert text.startswith("the")
    assert len(text) == 53
    inputs = np.array([[1, 2, 3, 1]])
    stepper, logits = run.numpy_network, []
    state = stepper.start(1)
    for token in inputs[0]:
        answer, state = stepper.step(np.array([token]), state)
        logits.append(answer[0])
    np.testing.assert_allclose(np.stack(logits), run.network.predict(inputs)[0], atol=1e-5)


@pytest.fixture(scope="module")
def aims():
    """What the run that was never cut left behind, and its steps per epoch."""
    return []


def left_by(run):
    names = ["steps.json", *(f"samples/{p.name}" for p in (run.path / "samples").iterdir())]
    return digest(run), {name: (run.path / name).read_bytes() for name in sorted(names)}


@pytest.mark.parametrize(("epoch", "step"), [(0, 1), (0, 17), (1, -1), (1, 0), (1, 1), (2, -2)])
def test_a_training_cut_anywhere_resumes_exactly(monkeypatch, tmp_path, aims, epoch, step):
    path = tmp_path / "texts.csv"
    path.write_text("\n".join(["text", *documents(200)]), encoding="utf-8")
    settings = {**QUICK, "text_column": "text", "batch_size": 2, "sample_steps": 10}
    monkeypatch.setattr(NumpyRNNNetwork, "record_steps", 7)
    options = {"data": str(path), "model": "numpy-rnn", "epochs": 2, "settings": settings}
    if not aims:
        whole = api.train("text", **options)
        aims.extend([left_by(whole), whole.history[0]["steps"]])
    with monkeypatch.context() as patched:
        cut_after(patched, epoch * aims[1] + step)
        with pytest.raises(Interrupted) as stopped:
            api.train("text", **options)
    run = api.load(stopped.value.hint.split()[-1])
    assert left_by(api.resume(run)) == aims[0]


def test_a_checkpoint_of_deepzoo_0_1_is_restored():
    rnn, (inputs, targets) = network(), rows(2, 25)
    rnn.train_step(inputs, targets)
    state, squares = rnn.state(), rnn.optimizer.state()
    old = {
        "weights": np.concatenate([array.ravel() for array in rnn.parameters.values()]),
        "squares/all": np.concatenate([squares[name].ravel() for name in rnn.parameters]),
        "smooth_loss": state["smooth_loss"],
        "hidden": state["hidden"],
    }
    for stored in (state, old):
        restored = network(deviation=1.0)
        restored.load_state(stored)
        assert restored.state().keys() == state.keys()
        for key, array in restored.state().items():
            np.testing.assert_array_equal(array, state[key])
        assert restored.train_step(inputs, targets)["loss"] > 0
    untrained = network()
    row = np.concatenate([array.ravel() for array in untrained.parameters.values()])
    restored = network(deviation=1.0)
    restored.load_state({"weights": row, "smooth_loss": 1.0, "hidden": np.zeros((0, 8))})
    assert restored.optimizer.state() == {}
    np.testing.assert_array_equal(restored.parameters["c"], untrained.parameters["c"])


def test_it_keeps_the_promises_of_a_model():
    checked = check_model("numpy-rnn", dataset="text", limit=None, units=8, epochs=2)
    assert len(checked) == 7


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ({"momentum": 0.9}, "without the setting 'momentum'"),
        ({"weight_decay": 0.1}, "without the setting 'weight_decay'"),
        ({"average": 0.9}, "without the setting 'average'"),
        ({"loss": "mse"}, "without the setting 'loss'"),
        ({"optimizer": "adam"}, "adagrad"),
        ({"watch_test": True}, "watch_test"),
        ({"units": 0}, "units"),
        ({"deviation": -1}, "deviation"),
    ],
)
def test_settings_that_it_has_not_are_refused(train, setting, says):
    with pytest.raises(UsageError) as caught:
        train(**setting)
    assert says in f"{caught.value.message} {caught.value.hint}"


def test_a_text_shorter_than_a_sequence_is_refused():
    with pytest.raises(DataError, match="too short"):
        api.train("text", data=["a short text"], model="numpy-rnn")


def test_a_training_that_diverges_says_so(train):
    with pytest.raises(DivergedError, match="The loss became") as caught:
        train(learning_rate=1e38)
    assert "learning_rate" in caught.value.hint


def test_weights_of_another_size_are_refused():
    with pytest.raises(CheckpointError, match=r"expected .* of shape"):
        network().load_arrays(network(units=9).arrays())


def test_the_pictures_show_every_epoch_and_every_sample(train):
    pytest.importorskip("matplotlib")
    run = train(epochs=2, sample_steps=60)
    figure = run.plot("positions")
    assert [axes.get_title() for axes in figure.axes] == ["epoch 1", "epoch 2"]
    line = figure.axes[1].get_lines()[0]
    rows = [row for row in json.loads((run.path / "steps.json").read_text()) if row["epoch"] == 2]
    assert list(line.get_xdata()) == [25 * row["batch"] for row in rows]
    assert list(line.get_ydata()) == [row["smooth_loss"] for row in rows]
    figure.savefig(io.BytesIO(), format="png", dpi=50)
    texts = [text.get_text() for text in run.plot("evolution").texts]
    assert {"1", "60", "120", "180", "steps"} <= set(texts)
    (run.path / "steps.json").write_text('[{"epoch": 1}]', encoding="utf-8")
    with pytest.raises(DataError, match="damaged"):
        run.plot("positions")
    run = train(order="shuffled")
    with pytest.raises(DataError, match="'streams'"):
        run.plot("positions")
    run = train()
    (run.path / "steps.json").unlink()
    with pytest.raises(DataError, match="has recorded no losses"):
        run.plot("positions")
