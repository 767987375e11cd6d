"""RecurrentStepper: composition, context, folding, and states that may be kept."""

from __future__ import annotations

import numpy as np
import pytest

from deepzoo import Stepper
from deepzoo.feedforward import LayerNormalization
from deepzoo.recurrent import (
    Block,
    Embedding,
    GRUCell,
    Head,
    LSTMCell,
    RecurrentStepper,
    RNNCell,
    stepper,
)
from deepzoo.sampling import Sampling, generate

VOCABULARY, FEATURES = 9, 6
CELLS = [RNNCell, GRUCell, LSTMCell]


class Pairs:
    """An embedding that looks at the token before, too: one table per place."""

    context = 2

    def __init__(self, rng):
        self.tables = rng.normal(size=(3, VOCABULARY, FEATURES)).astype("f")

    def __call__(self, tokens, history):
        return (
            self.tables[0][tokens] + self.tables[1][history[:, 1]] + self.tables[2][history[:, 0]]
        )


def head(rng):
    return Head(rng.normal(size=(FEATURES, VOCABULARY)), rng.normal(size=VOCABULARY))


def stack(rng, residual=False, embed=None):
    """Three different cells, each normalised before."""
    blocks = [
        Block(
            create.normal(FEATURES, FEATURES, rng, 0.5),
            before=LayerNormalization(rng.normal(size=FEATURES), rng.normal(size=FEATURES)),
            residual=residual,
        )
        for create in CELLS
    ]
    embed = embed or Embedding(rng.normal(size=(VOCABULARY, FEATURES)))
    return RecurrentStepper(embed, blocks, head(rng))


def run(network, tokens):
    """Logits after each column of tokens [n, steps]."""
    state, logits = network.start(len(tokens)), []
    for column in tokens.T:
        step_logits, state = network.step(column, state)
        logits.append(step_logits)
    return np.stack(logits, axis=1)


def test_it_is_a_stepper():
    assert isinstance(stack(np.random.default_rng(0)), Stepper)


def test_layer_normalization_gives_mean_zero_and_variance_one():
    rng = np.random.default_rng(0)
    x = rng.normal(3, 5, (4, 200)).astype("f")
    y = LayerNormalization(None, None)(x)
    np.testing.assert_allclose(y.mean(axis=1), 0, atol=1e-5)
    np.testing.assert_allclose(y.var(axis=1), 1, atol=1e-3)
    np.testing.assert_allclose(LayerNormalization(np.full(200, 2), np.ones(200))(x), 2 * y + 1)


@pytest.mark.parametrize("residual", [False, True])
def test_the_stack_computes_what_its_parts_compute(residual):
    rng = np.random.default_rng(1)
    network = stack(rng, residual)
    tokens = rng.integers(0, VOCABULARY, (2, 5))
    x = network.embed.table[tokens]
    for block in network.blocks:
        hidden, _, _ = block.cell.forward(block.before(x))
        x = x + hidden if residual else hidden
    expected = x @ network.head.V + network.head.c
    np.testing.assert_allclose(run(network, tokens), expected, atol=1e-5)


@pytest.mark.parametrize("residual", [False, True])
def test_a_folded_embedding_changes_nothing(residual, monkeypatch):
    tokens = np.random.default_rng(0).integers(0, VOCABULARY, (3, 6))
    folded = stack(np.random.default_rng(2), residual)
    monkeypatch.setattr(stepper, "FOLD_TOKENS", 0)
    plain = stack(np.random.default_rng(2), residual)
    assert folded._folded is not None
    assert plain._folded is None
    np.testing.assert_allclose(run(folded, tokens), run(plain, tokens), atol=1e-5)


def test_an_embedding_may_look_at_the_tokens_before():
    rng = np.random.default_rng(3)
    network = stack(rng, embed=Pairs(rng))
    seen = []
    embed = network.embed
    network.embed = type(
        "Spy",
        (),
        {
            "context": 2,
            "__call__": lambda self, tokens, history: (
                seen.append(np.column_stack([history, tokens])) or embed(tokens, history)
            ),
        },
    )()
    run(network, np.array([[4, 5, 6, 7], [1, 2, 3, 8]]))
    assert [rows.tolist() for rows in seen] == [
        [[0, 0, 4], [0, 0, 1]],
        [[0, 4, 5], [0, 1, 2]],
        [[4, 5, 6], [1, 2, 3]],
        [[5, 6, 7], [2, 3, 8]],
    ]


@pytest.mark.parametrize("context", [False, True])
def test_a_state_may_be_kept_and_stepped_from_twice(context):
    rng = np.random.default_rng(4)
    network = stack(rng, embed=Pairs(rng) if context else None)
    _, state = network.step(np.array([1, 2]), network.start(2))
    first, _ = network.step(np.array([3, 4]), state)
    kept = first.copy()
    network.step(np.array([5, 6]), state)
    again, _ = network.step(np.array([3, 4]), state)
    np.testing.assert_array_equal(again, kept)
    np.testing.assert_array_equal(first, kept)


@pytest.mark.parametrize("residual", [False, True])
@pytest.mark.parametrize("context", [False, True])
def test_what_is_read_at_once_leaves_the_state_of_single_steps(context, residual):
    rng = np.random.default_rng(6)
    network = stack(rng, residual, Pairs(rng) if context else None)
    tokens = rng.integers(0, VOCABULARY, (9, 2))
    state = network.start(2)
    for row in tokens:
        _, state = network.step(row, state)
    at_once = network.advance(tokens[4:], network.advance(tokens[:4], network.start(2)))
    np.testing.assert_array_equal(at_once.history, state.history)
    for cell, expected in zip(at_once.cells, state.cells, strict=True):
        np.testing.assert_allclose(cell, expected, atol=1e-5)


def test_a_batch_computes_what_single_sequences_compute():
    rng = np.random.default_rng(5)
    network, tokens = stack(rng, True), rng.integers(0, VOCABULARY, (4, 7))
    singles = np.concatenate([run(network, row[None]) for row in tokens])
    np.testing.assert_allclose(run(network, tokens), singles, atol=1e-5)


def test_the_head_may_project_first_and_share_the_table_of_the_embedding():
    rng = np.random.default_rng(6)
    table = rng.normal(size=(VOCABULARY, 3))
    projection = Head(rng.normal(size=(FEATURES, 3)), rng.normal(size=3))
    tied = Head(table.T, before=projection)
    h = rng.normal(size=(2, FEATURES)).astype("f")
    expected = (h @ projection.V + projection.c) @ table.T
    np.testing.assert_allclose(tied(h), expected, atol=1e-5)


def test_weights_may_be_float16_and_everything_computed_is_float32():
    rng = np.random.default_rng(7)
    cell = GRUCell.normal(FEATURES, FEATURES, rng)
    cell = GRUCell(*(array.astype(np.float16) for array in (cell.U, cell.W, cell.b)))
    network = RecurrentStepper(
        Embedding(rng.normal(size=(VOCABULARY, FEATURES)).astype(np.float16)), [cell], head(rng)
    )
    logits, state = network.step(np.array([1]), network.start(1))
    assert {logits.dtype, state.cells[0][0].dtype} == {np.dtype(np.float32)}


def test_the_first_of_three_texts_is_the_one_text_of_the_same_seed():
    network = stack(np.random.default_rng(8))
    one = generate(network, [np.array([1])], 40, Sampling(0.9), 3)
    three = generate(network, [np.array([1])] * 3, 40, Sampling(0.9), 3)
    np.testing.assert_array_equal(one[0], three[0])
