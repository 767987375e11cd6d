"""Greedy and beam search for many sources at once: in NumPy, and in one compiled loop.

A hypothesis is the beginning of a translation. Beam search keeps the `width` best hypotheses
of each source; with a width of 1 it is greedy search. All hypotheses advance by one token
together, on cached states. `search` is the algorithm in NumPy; `decode` compiles the same for
a Keras network.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np

from deepzoo.errors import DivergedError
from deepzoo.sampling import compiled_once

from .packing import Tokens, padded
from .vocabulary import END, PAD, START, UNKNOWN

BATCHES = (1, 16, 128)  # batch sizes that are compiled, the last the largest; with a beam, fewer
LENGTH_POWER = 0.6  # how much longer translations are favoured: Wu et al. (2016), section 7
_NEVER = -1e9  # log-probability of what must not be chosen


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
        """Length of the longest translation, with its end token."""
        ...

    def start_ops(self, sources: Any) -> tuple[Any, Any]:
        """Encodes sources int32 [n, length].

        Returns:
            The memory, which stays, and the state, which steps change: nested tensors whose
            first axis is the sources.
        """
        ...

    def step_ops(self, tokens: Any, position: Any, memory: Any, state: Any) -> tuple[Any, Any]:
        """Reads a token int32 [n] at `position`; returns logits [n, vocabulary] and the state."""
        ...


class Hypothesis(NamedTuple):
    """A translation: tokens without start and end, and their mean log-probability."""

    tokens: list[int]
    score: float


def search(network: Any, sources: Tokens, width: int = 1) -> list[Hypothesis]:
    """Translates sources by a network in NumPy, in batches of similar length.

    Args:
        network: It has `target_length`; `start(sources, width)`, which returns the memory and the
            state of `width` hypotheses of each source; `step(tokens, position, memory, state)`,
            which returns logits and the new state; and `reorder(state, rows)`.
        sources: Tokens of each sentence, one or more.
        width: Beam width; 1 is greedy search.

    Returns:
        The translations in the order of the sources.

    Raises:
        DivergedError: The network's logits are not finite.
    """
    return _in_batches(sources, width, lambda batch: _search_batch(network, batch, width))


def _search_batch(network: Any, sources: Tokens, width: int) -> list[Hypothesis]:
    n, longest = len(sources), network.target_length
    memory, state = network.start(padded(sources, max(map(len, sources))), width)
    # All hypotheses of a source are equal at first: only the first of them counts.
    scores = np.tile(np.where(np.arange(width) == 0, 0, _NEVER), (n, 1))
    tokens, ended = np.full((n, width), START), np.zeros((n, width), bool)
    written = np.full((n, width, longest), PAD)
    for position in range(longest):
        logits, state = network.step(tokens.ravel(), position, memory, state)
        logits[:, [PAD, START, UNKNOWN]] += _NEVER
        logits -= logits.max(axis=-1, keepdims=True)
        logits -= np.log(np.exp(logits).sum(axis=-1, keepdims=True))
        # A hypothesis that has ended is continued by padding, which costs nothing.
        logits[ended.ravel()] = np.where(np.arange(logits.shape[-1]) == PAD, 0, _NEVER)
        total = (scores[:, :, None] + logits.reshape(n, width, -1)).reshape(n, -1)
        best = np.argpartition(total, -width, axis=-1)[:, -width:]
        scores = np.take_along_axis(total, best, axis=-1)
        parents, tokens = np.divmod(best, logits.shape[-1])
        if width > 1:
            state = network.reorder(state, (np.arange(n)[:, None] * width + parents).ravel())
            written = np.take_along_axis(written, parents[:, :, None], axis=1)
            ended = np.take_along_axis(ended, parents, axis=1)
        written[:, :, position] = tokens
        ended |= tokens == END
        if ended.all():
            break
    return _best_hypotheses(written, scores)


def decode(network: Decoder, sources: Tokens, width: int = 1) -> list[Hypothesis]:
    """Translates sources by a Keras network, in batches of similar length.

    Args:
        network: The network; its loops are compiled once per shape and kept with it.
        sources: Tokens of each sentence, one or more.
        width: Beam width; 1 is greedy search.

    Returns:
        The translations in the order of the sources.

    Raises:
        DivergedError: The network's logits are not finite.
    """
    return _in_batches(sources, width, lambda batch: _decode_batch(network, batch, width))


def _in_batches(
    sources: Tokens, width: int, translate: Callable[[Tokens], list[Hypothesis]]
) -> list[Hypothesis]:
    """Translates sources, the shortest first; returns the translations in their own order."""
    order = sorted(range(len(sources)), key=lambda index: len(sources[index]))
    most = _most_sources(width)
    translations: dict[int, Hypothesis] = {}
    for start in range(0, len(order), most):
        chosen = order[start : start + most]
        batch = translate([sources[index] for index in chosen])
        translations.update(zip(chosen, batch, strict=True))
    return [translations[index] for index in range(len(sources))]


def _most_sources(width: int) -> int:
    """Returns how many sources are translated together."""
    return max(1, BATCHES[-1] // width)


def _best_hypotheses(tokens: np.ndarray, scores: np.ndarray) -> list[Hypothesis]:
    """Chooses the best of each source's hypotheses [n, width, longest], with a favour for length.

    Raises:
        DivergedError: The scores [n, width] are not finite.
    """
    if not np.isfinite(scores).all():
        raise DivergedError("The network's logits are not finite numbers: its weights are damaged.")
    lengths = np.maximum((tokens != PAD).sum(axis=-1), 1)
    best = (scores / lengths**LENGTH_POWER).argmax(axis=-1)
    return [
        Hypothesis(
            [int(token) for token in tokens[row, beam] if token not in (PAD, END)],
            float(scores[row, beam] / lengths[row, beam]),
        )
        for row, beam in enumerate(best)
    ]


def _decode_batch(network: Decoder, sources: Tokens, width: int) -> list[Hypothesis]:
    import keras

    def search(network: Any, given: Any, carried: tuple[Any]) -> tuple[Any, Any]:
        return _search(network, carried[0], width)

    # The batch is filled up, since each new shape is compiled again.
    most = _most_sources(width)
    size = next(min(size, most) for size in BATCHES if min(size, most) >= len(sources))
    filled = [*sources, *[sources[0]] * (size - len(sources))]
    table = padded(filled, network.source_length(max(map(len, sources))))
    tokens, scores = (
        np.asarray(keras.ops.convert_to_numpy(part))[: len(sources)]
        for part in compiled_once(network, width, search)({}, (table,))
    )
    return _best_hypotheses(tokens, scores)


def _search(network: Any, sources: Any, width: int) -> tuple[Any, Any]:
    """Returns the tokens of the hypotheses [n, width, longest] and their log-probabilities."""
    import keras

    ops: Any = keras.ops
    n, longest = sources.shape[0], network.target_length

    def repeated(tree: Any) -> Any:
        return keras.tree.map_structure(lambda part: ops.repeat(part, width, axis=0), tree)

    memory, state = map(repeated, network.start_ops(sources))
    # All hypotheses of a source are equal at first: only the first of them counts.
    scores = np.tile(np.where(np.arange(width) == 0, 0, _NEVER), (n, 1)).astype(np.float32)

    def unfinished(position: Any, tokens: Any, scores: Any, ended: Any, *others: Any) -> Any:
        return ops.logical_and(position < longest, ops.logical_not(ops.all(ended)))

    def advance(
        position: Any, tokens: Any, scores: Any, ended: Any, written: Any, state: Any
    ) -> Any:
        logits, state = network.step_ops(ops.reshape(tokens, (-1,)), position, memory, state)
        log_probabilities = ops.reshape(_log_probabilities(logits), (n, width, -1))
        tokens, scores, parents = _best_continuations(log_probabilities, scores, ended)
        if width > 1:
            rows = ops.reshape(ops.arange(n, dtype="int32")[:, None] * width + parents, (-1,))
            state = keras.tree.map_structure(lambda part: ops.take(part, rows, axis=0), state)
            written = ops.take_along_axis(written, parents[:, :, None], axis=1)
            ended = ops.take_along_axis(ended, parents, axis=1)
        written = ops.slice_update(written, (0, 0, position), tokens[:, :, None])
        ended = ops.logical_or(ended, tokens == END)
        return position + 1, tokens, scores, ended, written, state

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


def _log_probabilities(logits: Any) -> Any:
    """Returns log-probabilities; padding, start and unknown must not be chosen."""
    import keras

    ops: Any = keras.ops
    mask = np.zeros(logits.shape[-1], np.float32)
    mask[[PAD, START, UNKNOWN]] = _NEVER
    return ops.log_softmax(ops.add(ops.cast(logits, "float32"), mask), axis=-1)


def _best_continuations(log_probabilities: Any, scores: Any, ended: Any) -> tuple[Any, Any, Any]:
    """Chooses the best continuations of each source's hypotheses.

    Returns:
        Their last tokens, their scores, and the hypotheses they continue, [n, width] each.
    """
    import keras

    ops: Any = keras.ops
    width, vocabulary = log_probabilities.shape[1:]
    # A hypothesis that has ended is continued by padding, which costs nothing.
    padding = np.where(np.arange(vocabulary) == PAD, 0, _NEVER).astype(np.float32)
    log_probabilities = ops.where(ended[:, :, None], padding, log_probabilities)
    total = ops.reshape(scores[:, :, None] + log_probabilities, (-1, width * vocabulary))
    scores, indices = ops.top_k(total, width)
    indices = ops.cast(indices, "int32")
    return indices % vocabulary, scores, indices // vocabulary
