"""Sampling in NumPy from any network that emits one token at a time.

Tokens are drawn with the Gumbel-max trick: `argmax(logits + noise)` is a draw from
`softmax(logits)` if the noise is Gumbel noise. The noise of sequence i depends on the seed
and on i alone, and its k-th row is used for the k-th token that the sequence writes. So the
first of three texts is the single text of the same seed, and a compiled loop draws the same
tokens as NumPy, until two tokens are so nearly tied that rounding decides between them.
"""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import math
import time
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from ..errors import DivergedError, UsageError
from ..feedforward import one_blas_thread
from ..interfaces.network import Stepper
from .plan import BLOCK_STEPS, Noise, Plan

logger = logging.getLogger("deepzoo")
MINIMUM_TEMPERATURE = 0.001
SECONDS_BETWEEN_NOTES = 5.0
SMALL_BATCH = 8  # up to this size the threads of a product wait longer than they compute
BROKEN_LOGITS = "The network's logits are not finite numbers: its weights are damaged."


@dataclasses.dataclass(frozen=True)
class Sampling:
    """How the next token is drawn from the logits.

    Args:
        temperature: Divides the logits: below 1 more conservative, above 1 more diverse.
        top_k: Draws from the k most likely tokens; 0 is off.
        top_p: Draws from the fewest tokens whose probabilities sum to p or more; 1 is off.
        repetition_penalty: Multiplies the log-probability of tokens already used; 1 is off.
    """

    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0
    repetition_penalty: float = 1.0

    def __post_init__(self) -> None:
        """Refuses values outside the allowed range, NaN included."""
        allowed = {
            "temperature": (MINIMUM_TEMPERATURE <= self.temperature <= 1e6, "0.001 to 1e6"),
            "top_k": (self.top_k >= 0, "0 (off) or more"),
            "top_p": (0 < self.top_p <= 1, "above 0 and at most 1"),
            "repetition_penalty": (1 <= self.repetition_penalty <= 1e3, "between 1 and 1000"),
        }
        for name, (fits, values) in allowed.items():
            if not fits:
                raise UsageError(f"{name} must be {values}; received {getattr(self, name)}.")


PLAIN = Sampling()
"""Draws from the unchanged probabilities of the network."""


def filter_logits(
    logits: np.ndarray, sampling: Sampling, counts: np.ndarray | None = None
) -> np.ndarray:
    """Applies repetition penalty, temperature, top-k and top-p, in this order.

    Args:
        logits: Float [n, vocabulary]; minus infinity forbids a token.
        sampling: The filters and their strengths.
        counts: How often each sequence has each token, [n, vocabulary]; for the penalty.

    Returns:
        New logits, 0 for the most likely token and minus infinity for excluded ones.
    """
    logits = logits - logits.max(axis=-1, keepdims=True)
    if counts is not None and sampling.repetition_penalty != 1:
        logits -= np.log(np.exp(logits).sum(axis=-1, keepdims=True))
        logits[counts > 0] *= np.asarray(sampling.repetition_penalty, logits.dtype)
        logits -= logits.max(axis=-1, keepdims=True)
    if sampling.temperature != 1:
        logits /= np.asarray(sampling.temperature, logits.dtype)
    if 0 < sampling.top_k < logits.shape[-1]:
        kth = np.partition(logits, -sampling.top_k, axis=-1)[..., [-sampling.top_k]]
        logits[logits < kth] = -np.inf
    if sampling.top_p < 1:
        logits[logits < _nucleus(logits, sampling.top_p)] = -np.inf
    return logits


def _nucleus(logits: np.ndarray, top_p: float) -> np.ndarray:
    """Returns the smallest logit of the fewest tokens whose probabilities reach `top_p`."""
    descending = -np.sort(-logits, axis=-1)
    probabilities = np.exp(descending)
    probabilities /= probabilities.sum(axis=-1, keepdims=True)
    before = np.cumsum(probabilities, axis=-1) - probabilities
    last = np.maximum((before < top_p).sum(axis=-1, keepdims=True), 1) - 1
    return np.take_along_axis(descending, last, axis=-1)


def generate(
    stepper: Stepper,
    prompts: Sequence[np.ndarray],
    lengths: int | Sequence[int] | np.ndarray,
    sampling: Sampling = PLAIN,
    seed: int = 0,
    *,
    end: int | None = None,
    least: int | Sequence[int] = 0,
    forbidden: Sequence[int] = (),
    on_token: Callable[[int, int], None] | None = None,
) -> list[np.ndarray]:
    """Continues every prompt, all in one batch.

    Args:
        stepper: The network.
        prompts: An int array for each sequence, with at least one token.
        lengths: Maximum number of tokens to write, for all or for each sequence.
        sampling: How tokens are drawn.
        seed: Seed of the noise.
        end: Token that ends a sequence; it is not returned.
        least: Minimum number of tokens before a sequence may end, for all or for each.
        forbidden: Tokens that are never drawn.
        on_token: Called as `on_token(sequence, token)` as soon as a token is written.

    Returns:
        The tokens that each sequence wrote, without its prompt.

    Raises:
        DivergedError: The logits of the network are not finite numbers.
    """
    plan = Plan.of(prompts, lengths, end, least)
    limit = one_blas_thread() if len(prompts) <= SMALL_BATCH else contextlib.nullcontext()
    written: list[list[int]] = [[] for _ in prompts]
    with limit, np.errstate(invalid="ignore", over="ignore"):
        for index, token in _tokens(stepper, plan, sampling, seed, forbidden):
            written[index].append(token)
            if on_token is not None:
                on_token(index, token)
    return [np.array(tokens, dtype=np.int64) for tokens in written]


class ReadingProgress:
    """Says, every five seconds, how much of a long text has been read.

    Args:
        total: Its tokens.
    """

    def __init__(self, total: int) -> None:
        self.total, self._last = total, time.monotonic()

    def at(self, position: int) -> None:
        """Takes the number of tokens that have been read."""
        if time.monotonic() - self._last > SECONDS_BETWEEN_NOTES:
            self._last = time.monotonic()
            logger.info(f"Reading the prompt: {position:,} of {self.total:,} tokens")


def _tokens(
    stepper: Stepper,
    plan: Plan,
    sampling: Sampling,
    seed: int,
    forbidden: Sequence[int],
) -> Iterator[tuple[int, int]]:
    """Yields (sequence, token) for every token that is written."""
    end, n, starts, stops = plan.end, len(plan.starts), plan.starts.tolist(), plan.stops.tolist()
    alive = [index for index in range(n) if stops[index] > starts[index]]
    state, tokens = stepper.start(n), plan.forced[0]
    noise, counts = Noise(plan, seed), None
    reading, first = ReadingProgress(len(plan.forced) - 1), 0
    # What comes before anything is written is read in blocks, where the network can.
    advance = getattr(stepper, "advance", None)
    while advance is not None and first < min(starts):
        block = plan.forced[first : min(first + BLOCK_STEPS, min(starts))]
        state, first = advance(block, state), first + len(block)
        tokens = plan.forced[first]
        reading.at(first)
    for step in range(first, plan.steps):
        logits, state = stepper.step(tokens, state)
        writing = [index for index in alive if starts[index] <= step]
        if not writing:
            reading.at(step)
            tokens = plan.forced[step + 1]
            continue
        vocabulary = logits.shape[-1]
        if counts is None and sampling.repetition_penalty != 1:
            counts = plan.counts(vocabulary)
        logits = plan.hold_open(logits, step)
        chosen = _draw(logits, sampling, counts, forbidden, noise.at(step, vocabulary))
        drawn = chosen.tolist()
        for index in writing:
            token = drawn[index]
            if token == end or step + 1 >= stops[index]:
                alive.remove(index)
            if token != end:
                yield index, token
                if counts is not None:
                    counts[index, token] += 1
        if not alive:
            return
        tokens = plan.following(step, chosen)


def _draw(
    logits: np.ndarray,
    sampling: Sampling,
    counts: np.ndarray | None,
    forbidden: Sequence[int],
    noise: np.ndarray,
) -> np.ndarray:
    """Draws a token for each row; refuses logits that are not finite numbers."""
    if len(forbidden):
        check_forbidden(forbidden, logits.shape[-1])
        logits = logits.copy()
        logits[:, list(forbidden)] = -np.inf
    scores = filter_logits(logits, sampling, counts) + noise
    if not math.isfinite(scores.max()):
        raise DivergedError(BROKEN_LOGITS)
    return scores.argmax(axis=-1)


def check_forbidden(forbidden: Sequence[int], vocabulary: int) -> None:
    """Raises an error if every token is forbidden."""
    if len(set(forbidden)) >= vocabulary:
        raise ValueError("every token is forbidden")
