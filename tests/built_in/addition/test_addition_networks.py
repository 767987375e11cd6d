"""The networks of addition: their gradients, their learning, their runs, and longer numbers."""

from __future__ import annotations

import numpy as np
import pytest
from addition_cases import BITS, FEW, SPEC
from deepzoo_addition.baselines import NearestSum, NoCarry
from deepzoo_addition.binary_adder import BinaryAdderNetwork
from deepzoo_addition.models import BinaryAdder, ColumnGRU, Seq2SeqLSTM
from deepzoo_addition.prepare import encoding_of
from deepzoo_addition.sums import Question
from training_cases import cut_after, digest

from deepzoo import api
from deepzoo.errors import CheckpointError, Interrupted, UsageError
from deepzoo.recurrent import gradient_check
from deepzoo.testing import check_model


def adder(**settings):
    return BinaryAdderNetwork(BinaryAdder(**settings), SPEC)


def encoded(*texts, spec=SPEC):
    encoding = encoding_of(spec)
    asked = [Question.read(text) for text in texts]
    answers = [question.answer(spec["base"]) for question in asked]
    return encoding.questions(asked, spec["digits"]), encoding.answers(answers, spec["digits"])


@pytest.mark.parametrize("texts", [["101+11"], ["101+11", "1111+1", "0+1"]])
def test_every_gradient_of_the_adder_is_right_to_1e_7(texts):
    network, (inputs, targets) = adder(), encoded(*texts)
    _, gradients = network.gradients(inputs, targets)

    def loss():
        return float((network.gradients(inputs, targets)[0] ** 2).sum() / 2 / len(inputs))

    errors = gradient_check(loss, network.weights, gradients)
    assert list(errors) == ["U", "W", "V"]
    assert max(error.relative for error in errors.values()) <= 1e-7


def test_the_adder_learns_as_the_published_program_does():
    """Its loop, bit by bit, with weights of its own that are updated after each sum."""
    network = adder(learning_rate=0.1)
    U, W, V = (network.weights[name].copy() for name in "UWV")

    def sigmoid(a):
        return 1 / (1 + np.exp(-a))

    for first, second in [(5, 3), (15, 1), (0, 9)]:
        logs = network.train_step(*encoded(f"{first:b}+{second:b}"))
        bits = [[(first >> place) & 1, (second >> place) & 1] for place in range(5)]
        hidden, deltas, errors = [np.zeros(16)], [], []
        for place, x in enumerate(bits):
            hidden.append(sigmoid(np.array(x) @ U + hidden[-1] @ W))
            y = sigmoid(hidden[-1] @ V)
            error = ((first + second) >> place & 1) - y
            errors.append(abs(error[0]))
            deltas.append(error * y * (1 - y))
        change_U, change_W, change_V = (np.zeros_like(one) for one in (U, W, V))
        later = np.zeros(16)
        for place in reversed(range(5)):
            h = hidden[place + 1]
            later = (later @ W.T + deltas[place] @ V.T) * h * (1 - h)
            change_V += np.outer(h, deltas[place])
            change_W += np.outer(hidden[place], later)
            change_U += np.outer(bits[place], later)
        U, W, V = U + 0.1 * change_U, W + 0.1 * change_W, V + 0.1 * change_V
        assert logs["error"] == pytest.approx(sum(errors), rel=1e-12)
    for name, array in zip("UWV", (U, W, V), strict=True):
        np.testing.assert_allclose(network.weights[name], array, rtol=1e-10)


def test_the_adder_shows_what_it_read_last():
    network = adder()
    assert network.progress() == ""
    network.train_step(*encoded("101+11"))
    shown = network.progress().splitlines()
    assert shown[0].startswith("5 + 3 = ")
    assert shown[2] == "the truth 01000"
    assert shown[1].startswith("predicted ")


def test_bits_become_numbers_without_leading_zeros():
    network = adder()
    network.predict = lambda inputs: np.array([[0, 0, 0, 0, 0], [1, 0, 1, 0, 0], [0, 1, 1, 1, 1.0]])
    assert network.encoding.texts(network.tokens(np.zeros((3, 5, 3)), 4)) == ["0", "101", "11110"]


def test_the_adder_adds_bits_alone():
    for change in ({"base": 10}, {"signs": "+-"}):
        with pytest.raises(UsageError, match="adds bits"):
            BinaryAdderNetwork(BinaryAdder(), {**SPEC, **change})


def test_weights_of_another_size_are_refused():
    with pytest.raises(CheckpointError, match=r"expected .* of shape"):
        adder().load_arrays(adder(units=9).arrays())


def test_the_adder_learns_to_add_and_reaches_longer_numbers():
    run = api.train("addition", model="binary-adder", settings={**BITS, "examples": 8000})
    assert run.metrics["exact_match"] == 1
    assert run.metrics["longer_exact_match"] >= 0.9
    samples = sorted((run.path / "samples").glob("step-*.txt"))
    assert [path.stem for path in samples[:3]] == ["step-0001", "step-1000", "step-2000"]
    assert run.history[-1]["error"] < 4


@pytest.fixture(scope="module")
def aims():
    """What the run that was never cut left behind."""
    return []


@pytest.mark.parametrize("step", [1, 777, 1500, 1501, 2999])
def test_a_training_cut_anywhere_resumes_exactly(monkeypatch, aims, step):
    options = {"model": "binary-adder", "epochs": 2, "settings": BITS}
    if not aims:
        aims.append(digest(api.train("addition", **options)))
    with monkeypatch.context() as patched:
        cut_after(patched, step)
        with pytest.raises(Interrupted) as stopped:
            api.train("addition", **options)
    assert digest(api.resume(api.load(stopped.value.hint.split()[-1]))) == aims[0]


@pytest.mark.parametrize("model", [ColumnGRU, Seq2SeqLSTM])
def test_networks_keep_the_promises_of_a_model(model):
    small = {key: value for key, value in FEW.items() if key != "examples"}
    assert check_model(model, dataset="addition", units=12, epochs=3, learning_rate=0.02, **small)


def test_the_columns_are_added_alike_without_keras():
    spec = {**SPEC, "base": 10, "signs": "+-", "digits": 2, "seed": 3}
    model = ColumnGRU(units=7)
    network = model.build(spec)
    arrays = network.arrays()
    light = model.from_arrays(spec, arrays)
    asked = [Question.read(text) for text in ("7+8", "57-68", "99999+1", "12345678-9")]
    assert light.answers(asked) == network.answers(asked)
    inputs, _ = encoded("12+34", "5-17", spec=spec)
    np.testing.assert_allclose(light.predict(inputs), network.predict(inputs), atol=1e-5)
    arrays.popitem()
    with pytest.raises(CheckpointError, match="7 arrays are too few"):
        model.from_arrays(spec, arrays)


def test_the_adder_keeps_the_promises_of_a_model():
    small = {key: value for key, value in BITS.items() if key != "distinct"}
    assert check_model(BinaryAdder, dataset="addition", limit=None, epochs=6, **small)


def test_columns_without_a_carry_are_learned_by_counting():
    spec = {**SPEC, "base": 10, "digits": 2}
    inputs, targets = encoded("12+34", "23+45", "31+24", "55+66", spec=spec)
    network = NoCarry().build(spec)
    network.fit_arrays(inputs, targets)
    assert network.answers([Question("12", "+", "34"), Question("13", "+", "32")])[0] == "46"


def test_the_answer_is_that_of_the_nearest_sum():
    spec = {**SPEC, "base": 10, "digits": 2, "signs": "+-"}
    network = NearestSum().build(spec)
    network.fit_arrays(*encoded("12+34", "50-10", spec=spec))
    asked = [Question("11", "+", "35"), Question("12", "-", "34"), Question("1234", "+", "1")]
    assert network.answers(asked) == ["46", "40", "46"]
    other = NearestSum().build(spec)
    other.load_arrays(network.arrays())
    assert other.answers(asked) == network.answers(asked)


@pytest.mark.parametrize("model", [ColumnGRU, Seq2SeqLSTM])
def test_longer_numbers_are_answered_alone_and_among_others(model):
    pytest.importorskip("keras")
    recipe = model(units=8)
    network = recipe.build({**SPEC, "base": 10, "encoding": model.encoding})
    asked = [
        Question(*parts) for parts in (("12345678", "+", "9"), ("1", "+", "2"), ("99999", "+", "1"))
    ]
    together = network.answers(asked)
    assert together == [network.answers([one])[0] for one in asked]
    assert all(
        len(answer) <= one.digits + 1
        for answer, one in zip(together, asked, strict=True)
        if one.digits > 4
    )
