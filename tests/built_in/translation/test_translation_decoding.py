"""Searching: as a plain loop would, the same in batches, and wider where greedy fails."""

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
    # Untrained networks say the same again and again; these have opinions.
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
        chances = forward(network, table, [START, *written])
        token = int(chances.argmax())
        score += float(chances[token])
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
    found = decode(network, sources)
    assert len({tuple(one.tokens) for one in found}) > 1
    for one, source in zip(found, sources, strict=True):
        tokens, score = plain(network, source)
        assert one.tokens == tokens
        assert one.score == pytest.approx(score, abs=1e-4)


@pytest.mark.parametrize("width", [1, 3])
def test_a_batch_gives_what_each_sentence_gives_alone(network, width):
    sources = ids(7, 15, VOCABULARY, seed=1)
    together = network.translate(sources, width)
    for one, source in zip(together, sources, strict=True):
        alone = network.translate([source], width)[0]
        assert alone.tokens == one.tokens
        assert alone.score == pytest.approx(one.score, abs=1e-4)


def test_what_is_longer_than_it_reads_is_cut(network):
    source = ids(1, 1, VOCABULARY)[0] * 15
    assert network.translate([[*source, 7, 9]]) == network.translate([source])


def test_batches_larger_than_the_largest_are_taken_in_turn(network):
    sources = ids(BATCHES[-1] + 5, 4, VOCABULARY, seed=2)
    found = decode(network, sources)
    for one, source in zip(found[::40], sources[::40], strict=True):
        assert one.tokens == decode(network, [source])[0].tokens
    assert len(found) == len(sources)


class Chain:
    """A network whose next token depends on the last one alone, by a table of chances."""

    target_length = 4

    def __init__(self, chances) -> None:
        self.table = keras.Variable(np.log(np.asarray(chances, np.float32) + 1e-9))
        self.variables = [self.table]

    def source_length(self, longest):
        return longest

    def start_ops(self, sources):
        return (), [sources[:, :1]]

    def step_ops(self, tokens, place, memory, state):
        return keras.ops.take(self.table, tokens, axis=0), state


def garden_path() -> np.ndarray:
    """Makes chances where the best first token leads nowhere good."""
    a, b, c = SPECIAL, SPECIAL + 1, SPECIAL + 2
    chances = np.zeros((SPECIAL + 3, SPECIAL + 3))
    chances[START, [a, b]] = 0.6, 0.4
    chances[a, [a, b, c, END]] = 0.3, 0.3, 0.2, 0.2
    chances[b, [END, c]] = 0.9, 0.1
    chances[c, END] = 1.0
    chances[END, END] = chances[PAD, PAD] = 1.0
    return chances


def test_a_wider_search_finds_what_a_greedy_one_misses():
    network = Chain(garden_path())
    greedy, wide = (decode(network, [[4], [5, 4]], width) for width in (1, 3))
    assert greedy[0].tokens[0] == SPECIAL
    assert wide[0].tokens == wide[1].tokens == [SPECIAL + 1]
    assert wide[0].score == pytest.approx(np.log(0.4 * 0.9) / 2, abs=1e-4)


def test_a_translation_may_be_empty_and_never_longer_than_allowed():
    ending, endless = np.zeros((6, 6)), np.zeros((6, 6))
    ending[:, END] = 1
    endless[:, SPECIAL] = 1
    for width in (1, 2):
        assert decode(Chain(ending), [[4]], width)[0].tokens == []
        assert decode(Chain(endless), [[4]], width)[0].tokens == [SPECIAL] * 4


def test_special_tokens_are_never_written():
    chances = np.full((6, 6), 0.01)
    chances[:, [PAD, START, UNKNOWN]] = 0.9
    tokens = decode(Chain(chances), [[4]], 2)[0].tokens
    assert all(token >= SPECIAL for token in tokens)


def test_broken_logits_are_told():
    with pytest.raises(DivergedError, match="not finite"):
        decode(Chain(np.full((6, 6), np.nan)), [[4]])
