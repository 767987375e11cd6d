"""Beam search: equal to a plain loop, alone and in batches, and better than greedy search."""

from __future__ import annotations

import numpy as np
import pytest
from deepzoo_translation.beam_search import BATCHES, decode
from deepzoo_translation.models import CharSeq2Seq, TransformerSmall
from deepzoo_translation.vocabulary import END, PAD, SPECIAL, START, UNKNOWN
from translation_cases import ids

from deepzoo.errors import DivergedError

keras = pytest.importorskip("keras")

VOCABULARY = 30
SPEC = {
    "source_vocabulary": VOCABULARY,
    "target_vocabulary": VOCABULARY,
    "source_length": 15,
    "target_length": 12,
    "seed": 0,
}
MODELS = {
    "characters": CharSeq2Seq(units=16),
    "words": CharSeq2Seq(units=16, level="words"),
    "transformer": TransformerSmall(width=16, heads=2, layers=2, hidden=24, longest=15),
}


@pytest.fixture(scope="module", params=MODELS)
def network(request):
    keras.utils.set_random_seed(5)
    built = MODELS[request.param].build(SPEC)
    # Untrained networks repeat themselves; larger weights make their outputs differ.
    for variable in built.model.trainable_variables:
        variable.assign(np.asarray(variable) * 3)
    return built


def plain(network, source) -> tuple[list[int], float]:
    """Searches greedily, calling the whole network anew for each token."""
    length = network.source_length(len(source))
    table = np.full((1, length), PAD, np.int32)
    table[0, : len(source)] = source
    written, score = [], 0.0
    while len(written) < network.target_length:
        log_probabilities = forward(network, table, [START, *written])
        token = int(log_probabilities.argmax())
        score += float(log_probabilities[token])
        written.append(token)
        if token == END:
            break
    return [token for token in written if token != END], score / len(written)


def forward(network, table, so_far) -> np.ndarray:
    """Returns log-probabilities of the next token, by the network that is trained."""
    shape = network.model.inputs[1].shape
    target = np.full((1, shape[-1]), PAD, np.int32)
    target[0, : len(so_far)] = so_far
    if len(shape) == 3:
        size = network.model.inputs[0].shape[-1]
        source = np.pad(table, ((0, 0), (0, max(0, size - table.shape[1]))))[:, :size]
        inputs = tuple(
            np.stack([row, row != PAD, np.broadcast_to(np.arange(row.shape[1]), row.shape)], 1)
            for row in (source, target)
        )
    else:
        inputs = (table, target)
    logits = np.asarray(network.model(tuple(part.astype(np.int32) for part in inputs)))
    row = logits[0, len(so_far) - 1].astype(np.float64)
    row[[PAD, START, UNKNOWN]] = -np.inf
    return row - np.logaddexp.reduce(row)


def test_the_compiled_loop_writes_what_a_plain_loop_writes(network):
    sources = ids(4, 15, VOCABULARY)
    hypotheses = decode(network, sources)
    assert len({tuple(hypothesis.tokens) for hypothesis in hypotheses}) > 1
    for hypothesis, source in zip(hypotheses, sources, strict=True):
        tokens, score = plain(network, source)
        assert hypothesis.tokens == tokens
        assert hypothesis.score == pytest.approx(score, abs=1e-4)


@pytest.mark.parametrize("width", [1, 3])
def test_a_batch_gives_what_each_sentence_gives_alone(network, width):
    sources = ids(7, 15, VOCABULARY, seed=1)
    together = network.translate(sources, width)
    for hypothesis, source in zip(together, sources, strict=True):
        alone = network.translate([source], width)[0]
        assert alone.tokens == hypothesis.tokens
        assert alone.score == pytest.approx(hypothesis.score, abs=1e-4)


def test_what_is_longer_than_it_reads_is_cut(network):
    source = ids(1, 1, VOCABULARY)[0] * 15
    assert network.translate([[*source, 7, 9]]) == network.translate([source])


def test_batches_larger_than_the_largest_are_taken_in_turn(network):
    sources = ids(BATCHES[-1] + 5, 4, VOCABULARY, seed=2)
    hypotheses = decode(network, sources)
    for hypothesis, source in zip(hypotheses[::40], sources[::40], strict=True):
        assert hypothesis.tokens == decode(network, [source])[0].tokens
    assert len(hypotheses) == len(sources)


class Chain:
    """A network whose next token depends on the last token alone: a Markov chain."""

    target_length = 4

    def __init__(self, probabilities) -> None:
        self.table = keras.Variable(np.log(np.asarray(probabilities, np.float32) + 1e-9))
        self.variables = [self.table]

    def source_length(self, longest):
        return longest

    def start_ops(self, sources):
        return (), [sources[:, :1]]

    def step_ops(self, tokens, position, memory, state):
        return keras.ops.take(self.table, tokens, axis=0), state


def garden_path() -> np.ndarray:
    """Makes probabilities where the best first token leads to a worse translation."""
    a, b, c = SPECIAL, SPECIAL + 1, SPECIAL + 2
    probabilities = np.zeros((SPECIAL + 3, SPECIAL + 3))
    probabilities[START, [a, b]] = 0.6, 0.4
    probabilities[a, [a, b, c, END]] = 0.3, 0.3, 0.2, 0.2
    probabilities[b, [END, c]] = 0.9, 0.1
    probabilities[c, END] = 1.0
    probabilities[END, END] = probabilities[PAD, PAD] = 1.0
    return probabilities


def test_beam_search_finds_what_greedy_search_misses():
    network = Chain(garden_path())
    greedy, beam = (decode(network, [[4], [5, 4]], width) for width in (1, 3))
    assert greedy[0].tokens[0] == SPECIAL
    assert beam[0].tokens == beam[1].tokens == [SPECIAL + 1]
    assert beam[0].score == pytest.approx(np.log(0.4 * 0.9) / 2, abs=1e-4)


def test_a_translation_may_be_empty_and_never_longer_than_allowed():
    ending, endless = np.zeros((6, 6)), np.zeros((6, 6))
    ending[:, END] = 1
    endless[:, SPECIAL] = 1
    for width in (1, 2):
        assert decode(Chain(ending), [[4]], width)[0].tokens == []
        assert decode(Chain(endless), [[4]], width)[0].tokens == [SPECIAL] * 4


def test_special_tokens_are_never_written():
    probabilities = np.full((6, 6), 0.01)
    probabilities[:, [PAD, START, UNKNOWN]] = 0.9
    tokens = decode(Chain(probabilities), [[4]], 2)[0].tokens
    assert all(token >= SPECIAL for token in tokens)


def test_broken_logits_are_told():
    with pytest.raises(DivergedError, match="not finite"):
        decode(Chain(np.full((6, 6), np.nan)), [[4]])
