"""The sampler as one compiled loop, for networks written in Keras operations.

Every step of `deepzoo.sampling.generate` is a call into the framework; here a block of
steps is one call. The loop is the same for all backends (`keras.ops.while_loop`, with
tokens written into a buffer by `slice_update`). The noise is drawn ahead by NumPy, so the
same seed gives the same tokens as `generate`, up to the first step where two tokens are so
nearly tied that rounding decides.
"""

from __future__ import annotations

import dataclasses
import weakref
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from ..errors import DivergedError
from ..interfaces.network import OpsStepper
from .compilers import compiled_once
from .plan import Plan, block_steps, noise_rows, streams
from .sampler import BROKEN_LOGITS, PLAIN, Sampling, check_forbidden

BLOCK = 64  # steps in a call of the compiled loop, fewer if their noise exceeds 64 MB
BLOCK_ELEMENTS = 1 << 24
NOTHING, BROKEN = -1, -2  # in the buffer: no token; logits that are not finite numbers

_vocabularies: weakref.WeakKeyDictionary[Any, int] = weakref.WeakKeyDictionary()


@dataclasses.dataclass(frozen=True)
class Filters:
    """Which filters a compiled loop contains; their strengths are arguments of the loop."""

    top_k: bool
    top_p: bool
    penalty: bool

    @classmethod
    def of(cls, sampling: Sampling) -> Filters:
        """Returns the filters that `sampling` uses."""
        return cls(sampling.top_k > 0, sampling.top_p < 1, sampling.repetition_penalty != 1)


def generate_compiled(
    network: OpsStepper,
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
    """Continues every prompt, all in one batch, as `deepzoo.sampling.generate` does.

    Args:
        network: The network; its loop is compiled once per batch size and kept with it.
        prompts: As in `generate`, like all that follow.
        lengths: Maximum number of tokens to write.
        sampling: How tokens are drawn.
        seed: Seed of the noise.
        end: Token that ends a sequence.
        least: Minimum number of tokens before a sequence may end.
        forbidden: Tokens that are never drawn.
        on_token: Called after each block of steps, with each of its tokens.

    Returns:
        The tokens that each sequence wrote, without its prompt.

    Raises:
        DivergedError: The logits of the network are not finite numbers.
    """
    plan = Plan.of(prompts, lengths, end, least)
    written: list[list[int]] = [[] for _ in prompts]
    for buffer in _blocks(network, plan, sampling, seed, forbidden):
        if (buffer == BROKEN).any():
            raise DivergedError(BROKEN_LOGITS)
        for step, index in np.argwhere(buffer != NOTHING):
            written[index].append(int(buffer[step, index]))
            if on_token is not None:
                on_token(int(index), int(buffer[step, index]))
    return [np.array(tokens, dtype=np.int64) for tokens in written]


def _blocks(
    network: OpsStepper,
    plan: Plan,
    sampling: Sampling,
    seed: int,
    forbidden: Sequence[int],
) -> Iterator[np.ndarray]:
    """Yields the buffer of each block of steps, int32 [block, n]."""
    import keras

    to_numpy: Any = keras.ops.convert_to_numpy
    n, filters = len(plan.starts), Filters.of(sampling)
    vocabulary, loop = _vocabulary(network), _loop(network, filters)
    fixed = _constants(plan, sampling, vocabulary, forbidden)
    counts = plan.counts(vocabulary) if filters.penalty else np.zeros((n, 1))
    carried = (
        plan.forced[0].astype(np.int32),
        plan.stops > plan.starts,
        counts.astype(np.float32),
        network.start_ops(n),
    )
    block, generators = block_steps(n, vocabulary, BLOCK, BLOCK_ELEMENTS), streams(seed, n)
    for first in range(0, plan.steps, block):
        steps = min(block, plan.steps - first)
        forced = np.zeros((block, n), np.int32)
        following = plan.forced[first + 1 : first + 1 + block]
        forced[: len(following)] = following
        noise = np.zeros((block, n, vocabulary), np.float32)
        noise[:steps] = noise_rows(plan, generators, first, steps, vocabulary)
        varying = {"first": np.int32(first), "steps": np.int32(steps), "noise": noise}
        written, active, carried = loop({**fixed, **varying, "forced": forced}, carried)
        yield to_numpy(written)
        if not to_numpy(active):
            return


def _constants(
    plan: Plan, sampling: Sampling, vocabulary: int, forbidden: Sequence[int]
) -> dict[str, Any]:
    """Returns the inputs of the loop that are the same for all blocks."""
    check_forbidden(forbidden, vocabulary)
    mask = np.zeros(vocabulary, np.float32)
    mask[list(forbidden)] = -np.inf
    return {
        "mask": mask,
        "starts": plan.starts.astype(np.int32),
        "stops": np.minimum(plan.stops, 2**31 - 1).astype(np.int32),
        "opens": plan.opens.astype(np.int32),
        "end": np.int32(NOTHING if plan.end is None else plan.end),
        **strengths(sampling, vocabulary),
    }


def _vocabulary(network: OpsStepper) -> int:
    """Returns the number of logits of a network, from a single step of it."""
    if network not in _vocabularies:
        logits, _ = network.step_ops(np.zeros(1, np.int32), network.start_ops(1))
        _vocabularies[network] = int(logits.shape[-1])
    return _vocabularies[network]


def _loop(network: OpsStepper, filters: Filters) -> Callable[..., Any]:
    """Returns the compiled loop of a network."""

    def block(network: Any, given: dict[str, Any], carried: tuple[Any, ...]) -> tuple[Any, ...]:
        return _run_block(network, filters, given, carried)

    return compiled_once(network, filters, block)


def _run_block(
    network: Any, filters: Filters, given: dict[str, Any], carried: tuple[Any, ...]
) -> tuple[Any, Any, tuple[Any, ...]]:
    """Runs a block of steps; returns the buffer, whether any sequence continues, the carry."""
    import keras

    ops: Any = keras.ops
    given = {name: ops.convert_to_tensor(value) for name, value in given.items()}

    def unfinished(step: Any, buffer: Any, tokens: Any, active: Any, *rest: Any) -> Any:
        return ops.logical_and(step < given["steps"], ops.any(active))

    def advance(step: Any, buffer: Any, *carried: Any) -> tuple[Any, ...]:
        row, carried = _step(network, filters, given, step, carried)
        return step + 1, ops.slice_update(buffer, (step, 0), row[None]), *carried

    buffer = ops.full(given["forced"].shape, NOTHING, dtype="int32")
    start = (ops.convert_to_tensor(0, dtype="int32"), buffer, *carried)
    _, buffer, *carry = ops.while_loop(unfinished, advance, start)
    return buffer, ops.any(carry[1]), tuple(carry)


def _step(
    network: Any, filters: Filters, given: dict[str, Any], step: Any, carried: tuple[Any, ...]
) -> tuple[Any, tuple[Any, ...]]:
    """Reads a token of each sequence; returns a row of the buffer and the new carry."""
    import keras

    ops: Any = keras.ops
    both, either, no = ops.logical_and, ops.logical_or, ops.logical_not
    tokens, active, counts, state = carried
    logits, state = network.step_ops(tokens, state)
    logits = ops.cast(logits, "float32") + given["mask"]
    position = given["first"] + step
    ends = ops.arange(logits.shape[-1], dtype="int32") == given["end"]
    logits = ops.where(both((position < given["opens"])[:, None], ends), -np.inf, logits)
    finite = ops.isfinite(ops.max(logits, axis=-1))
    logits = filter_ops(logits, filters, given, counts)
    noise = ops.take(given["noise"], step, axis=0)
    chosen = ops.cast(ops.argmax(logits + noise, axis=-1), "int32")

    due = both(active, given["starts"] <= position)
    writing = both(due, both(finite, chosen != given["end"]))
    row = ops.where(writing, chosen, ops.where(both(due, no(finite)), BROKEN, NOTHING))
    if filters.penalty:
        new = ops.one_hot(chosen, logits.shape[-1], dtype="float32")
        counts = counts + new * ops.cast(writing, "float32")[:, None]
    active = both(active, both(either(writing, no(due)), position + 1 < given["stops"]))
    inside = position + 1 <= given["starts"]
    tokens = ops.where(inside, ops.take(given["forced"], step, axis=0), chosen)
    return row, (tokens, active, counts, state)


def strengths(sampling: Sampling, vocabulary: int) -> dict[str, Any]:
    """Returns the values of `sampling` as arrays for a compiled function."""
    return {
        "temperature": np.float32(sampling.temperature),
        "top_k": np.int32(min(sampling.top_k, vocabulary)),
        "top_p": np.float32(sampling.top_p),
        "repetition_penalty": np.float32(sampling.repetition_penalty),
    }


def filter_ops(logits: Any, filters: Filters, strength: dict[str, Any], counts: Any) -> Any:
    """Applies the filters of `deepzoo.sampling.filter_logits`, in the same order."""
    import keras

    ops: Any = keras.ops
    logits = logits - ops.max(logits, axis=-1, keepdims=True)
    if filters.penalty:
        logits = logits - ops.logsumexp(logits, axis=-1, keepdims=True)
        logits = ops.where(counts > 0, logits * strength["repetition_penalty"], logits)
        logits = logits - ops.max(logits, axis=-1, keepdims=True)
    logits = logits / strength["temperature"]
    if not (filters.top_k or filters.top_p):
        return logits
    lowest = ops.full_like(logits[:, :1], -np.inf)
    descending = ops.flip(ops.sort(logits, axis=-1), axis=-1)
    if filters.top_k:
        lowest = ops.take(descending, strength["top_k"] - 1, axis=-1)[:, None]
        descending = ops.where(descending < lowest, -np.inf, descending)
    if filters.top_p:
        probabilities = ops.softmax(descending, axis=-1)
        before = ops.cumsum(probabilities, axis=-1) - probabilities
        inside = ops.cast(before < strength["top_p"], "int32")
        last = ops.maximum(ops.sum(inside, axis=-1, keepdims=True), 1) - 1
        lowest = ops.take_along_axis(descending, last, axis=-1)
    return ops.where(logits < lowest, -np.inf, logits)
