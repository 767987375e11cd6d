"""Greedy and beam search over many sources at once, in one compiled loop.

Each source keeps the few best beginnings of its translation, `width` of them; with one it is
greedy search. All of them advance by one token together, on cached states.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np

from deepzoo.errors import DivergedError
from deepzoo.sampling import compiled_once

from .vocabulary import END, PAD, START, UNKNOWN

BATCHES = (1, 16, 128)  # numbers of sources that are compiled for; with a beam, fewer
LENGTH_POWER = 0.6  # how much longer translations are favoured: Wu et al. (2016), section 7
_NEVER = -1e9
_FORBIDDEN = (PAD, START, UNKNOWN)


class Decoder(Protocol):
    """A network that writes a translation token by token, in Keras operations."""

    @property
    def variables(self) -> Sequence[Any]:
        """All its Keras variables."""
        ...

    def source_length(self, longest: int) -> int:
        """Returns the length to which sources of at most `longest` tokens are padded."""
        ...

    @property
    def target_length(self) -> int:
        """The most tokens that are written, the end included."""
        ...

    def start_ops(self, sources: Any) -> tuple[Any, Any]:
        """Reads sources int32 [n, length].

        Returns:
            What stays, and the state that steps change: nested tensors, first axis the rows.
        """
        ...

    def step_ops(self, tokens: Any, place: Any, memory: Any, state: Any) -> tuple[Any, Any]:
        """Reads the token int32 [n] at a place; returns logits [n, vocabulary] and the state."""
        ...


class Decoded(NamedTuple):
    """What was written: tokens without start and end, and their mean log-probability."""

    tokens: list[int]
    score: float


def decode(network: Decoder, sources: Sequence[Sequence[int]], width: int = 1) -> list[Decoded]:
    """Translates sources, in batches of about the same length.

    Args:
        network: The network; its loops are compiled once per shape and kept with it.
        sources: Tokens of each sentence, one or more.
        width: Beginnings to keep for each source; 1 is greedy search.

    Returns:
        The translations in the order of the sources.

    Raises:
        DivergedError: The network gave logits that are not numbers.
    """
    order = sorted(range(len(sources)), key=lambda index: len(sources[index]))
    found: dict[int, Decoded] = {}
    for start in range(0, len(order), _most(width)):
        chosen = order[start : start + _most(width)]
        batch = [sources[index] for index in chosen]
        found.update(zip(chosen, _batch(network, batch, width), strict=True))
    return [found[index] for index in range(len(sources))]


def _most(width: int) -> int:
    """Returns how many sources are translated together, each of them `width` times."""
    return max(1, BATCHES[-1] // width)


def _batch(network: Decoder, sources: Sequence[Sequence[int]], width: int) -> list[Decoded]:
    import keras

    # Rows are filled up, for each new shape is compiled again.
    sizes = [min(size, _most(width)) for size in BATCHES]
    rows = next((size for size in sizes if size >= len(sources)), len(sources))
    table = np.full((rows, network.source_length(max(map(len, sources)))), PAD, np.int32)
    for place, source in enumerate(sources):
        table[place, : len(source)] = source
    table[len(sources) :] = table[0]
    written, scores = (
        np.asarray(keras.ops.convert_to_numpy(part))[: len(sources)]
        for part in _loop(network, width)({}, (table,))
    )
    if not np.isfinite(scores).all():
        raise DivergedError("The network's logits are not finite numbers: its weights are damaged.")
    lengths = np.maximum((written != PAD).sum(axis=-1), 1)
    best = (scores / lengths**LENGTH_POWER).argmax(axis=-1)
    return [
        Decoded(
            [int(token) for token in written[row, one] if token not in (PAD, END)],
            float(scores[row, one] / lengths[row, one]),
        )
        for row, one in enumerate(best)
    ]


def _loop(network: Decoder, width: int) -> Callable[..., Any]:
    """Returns the compiled loop of a network."""

    def search(network: Any, given: Any, carried: tuple[Any]) -> tuple[Any, Any]:
        return _search(network, carried[0], width)

    return compiled_once(network, width, search)


def _search(network: Any, sources: Any, width: int) -> tuple[Any, Any]:
    """Writes translations; returns tokens [n, width, longest] and their log-probabilities."""
    import keras

    ops: Any = keras.ops
    n, longest = sources.shape[0], network.target_length

    def repeated(tree: Any) -> Any:
        return keras.tree.map_structure(lambda one: ops.repeat(one, width, axis=0), tree)

    memory, state = map(repeated, network.start_ops(sources))
    # All beginnings of a source are alike at first: only the first of them counts.
    scores = np.tile(np.where(np.arange(width) == 0, 0, _NEVER), (n, 1)).astype(np.float32)

    def unfinished(place: Any, tokens: Any, scores: Any, ended: Any, *others: Any) -> Any:
        return ops.logical_and(place < longest, ops.logical_not(ops.all(ended)))

    def advance(place: Any, tokens: Any, scores: Any, ended: Any, written: Any, state: Any) -> Any:
        logits, state = network.step_ops(ops.reshape(tokens, (-1,)), place, memory, state)
        chances = ops.reshape(_log_chances(logits), (n, width, -1))
        tokens, scores, parents = _best(chances, scores, ended)
        if width > 1:
            rows = ops.reshape(ops.arange(n, dtype="int32")[:, None] * width + parents, (-1,))
            state = keras.tree.map_structure(lambda one: ops.take(one, rows, axis=0), state)
            written = ops.take_along_axis(written, parents[:, :, None], axis=1)
            ended = ops.take_along_axis(ended, parents, axis=1)
        written = ops.slice_update(written, (0, 0, place), tokens[:, :, None])
        ended = ops.logical_or(ended, tokens == END)
        return place + 1, tokens, scores, ended, written, state

    start = (
        ops.convert_to_tensor(0, dtype="int32"),
        ops.full((n, width), START, dtype="int32"),
        ops.convert_to_tensor(scores),
        ops.zeros((n, width), dtype="bool"),
        ops.full((n, width, longest), PAD, dtype="int32"),
        state,
    )
    _, _, scores, _, written, _ = ops.while_loop(unfinished, advance, start)
    return written, scores


def _log_chances(logits: Any) -> Any:
    """Returns log-probabilities of the tokens that may be written."""
    import keras

    ops: Any = keras.ops
    mask = np.zeros(logits.shape[-1], np.float32)
    mask[list(_FORBIDDEN)] = _NEVER
    return ops.log_softmax(ops.add(ops.cast(logits, "float32"), mask), axis=-1)


def _best(chances: Any, scores: Any, ended: Any) -> tuple[Any, Any, Any]:
    """Chooses the best continuations of each source's beginnings.

    Returns:
        Their last tokens, their scores, and the beginnings they continue, [n, width] each.
    """
    import keras

    ops: Any = keras.ops
    width, vocabulary = chances.shape[1:]
    # What has ended stays as it is: only padding follows, at no cost.
    over = np.where(np.arange(vocabulary) == PAD, 0, _NEVER).astype(np.float32)
    chances = ops.where(ended[:, :, None], over, chances)
    total = ops.reshape(scores[:, :, None] + chances, (-1, width * vocabulary))
    scores, places = ops.top_k(total, width)
    places = ops.cast(places, "int32")
    return places % vocabulary, scores, places // vocabulary
