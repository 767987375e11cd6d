"""Continuing texts with a trained network: prompts in, texts out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .vocabulary import SEPARATOR, UNKNOWN, Vocabulary

if TYPE_CHECKING:
    from deepzoo.sampling import Sampling

COMPILED_FROM = 8  # texts; from here on one compiled loop is faster than NumPy


def continue_texts(
    network: Any,
    vocabulary: Vocabulary,
    prompts: Sequence[str],
    lengths: Sequence[int],
    sampling: Sampling,
    seed: int,
    *,
    stop: Sequence[str] = (),
    on_text: Callable[[str], None] | None = None,
) -> list[str]:
    """Continues every prompt, all in one batch.

    Args:
        network: Emits one token at a time.
        vocabulary: The network's.
        prompts: Texts that the vocabulary can express; empty ones start as documents start.
        lengths: The most tokens to add to each prompt.
        sampling: How tokens are drawn.
        seed: Same seed, same texts.
        stop: Strings that end a text; they are not part of it.
        on_text: Called with each new piece of the first text as soon as it is certain.

    Returns:
        Prompts and continuations.
    """
    from deepzoo.sampling import generate

    separator = np.array([SEPARATOR])
    starts = [np.concatenate([separator, vocabulary.encode(text)]) for text in prompts]
    options: dict[str, Any] = {
        "end": None if vocabulary.tokens[SEPARATOR] else SEPARATOR,
        "forbidden": [1] if vocabulary.tokens[1:2] == [UNKNOWN] else [],
    }
    if on_text is not None:
        options["on_token"] = _streamed(vocabulary, prompts[0], on_text, stop)
    if len(prompts) >= COMPILED_FROM and "keras" in sys.modules and _compiles(network):
        from deepzoo.compiled import generate_compiled

        added = generate_compiled(network, starts, list(lengths), sampling, seed, **options)
    else:
        added = generate(network, starts, list(lengths), sampling, seed, **options)
    return [
        prompt + cut(vocabulary.decode(tokens), stop)
        for prompt, tokens in zip(prompts, added, strict=True)
    ]


def cut(text: str, stop: Sequence[str]) -> str:
    """Ends a text before the first of the strings that stop it."""
    ends = [place for string in stop if string and (place := text.find(string)) >= 0]
    return text[: min(ends)] if ends else text


def drawn_lengths(length: int, mean_length: float | None, n: int, seed: int) -> list[int]:
    """Returns how many tokens to write: `length`, or lengths drawn around a mean.

    Drawn lengths follow a Poisson distribution, at least 1 and at most `length` if that is
    longer than the mean.
    """
    if mean_length is None:
        return [length] * n
    drawn = np.random.default_rng([seed, 1]).poisson(mean_length, n)
    return [int(one) for one in np.maximum(drawn, 1)]


def _compiles(network: Any) -> bool:
    return getattr(network, "compiles", False)


def _streamed(
    vocabulary: Vocabulary, prompt: str, on_text: Callable[[str], None], stop: Sequence[str]
) -> Callable[[int, int], None]:
    """Hands out the first text piece by piece, holding back what may become a stop string."""
    on_text(prompt)
    written: list[str] = []
    state = {"shown": 0}
    held = max((len(string) for string in stop), default=1) - 1

    def on_token(sequence: int, token: int) -> None:
        if sequence:
            return
        written.append(vocabulary.tokens[token])
        text = "".join(written)
        kept = cut(text, stop)
        certain = kept if len(kept) < len(text) or not held else kept[: len(kept) - held]
        if len(certain) > state["shown"]:
            on_text(certain[state["shown"] :])
            state["shown"] = len(certain)

    return on_token
