"""Continuing texts with a trained network: prompts in, texts out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .vocabulary import SEPARATOR, Vocabulary

if TYPE_CHECKING:
    from deepzoo.sampling import Sampling

SHORTEST = 60  # tokens of a text, unless documents are shorter
COMPILED_FROM = 8  # texts; from here on one compiled loop is faster than NumPy


def continue_texts(
    network: Any,
    vocabulary: Vocabulary,
    prompts: Sequence[str],
    lengths: Sequence[int],
    sampling: Sampling,
    seed: int,
    *,
    shortest: int = 0,
    stop: Sequence[str] = (),
    on_text: Callable[[str], None] | None = None,
    before: str = "",
) -> list[str]:
    """Continues every prompt, all in one batch.

    Args:
        network: Emits one token at a time.
        vocabulary: The network's.
        prompts: Texts that the vocabulary can express; empty ones start as documents start.
        lengths: Maximum number of tokens to add to each prompt.
        sampling: How tokens are drawn.
        seed: Same seed, same texts.
        shortest: Tokens that a text must have, its prompt included, before it may end.
        stop: Strings that end a text; they are not part of it.
        on_text: Called with each new piece of the first text as soon as it is final.
        before: What the network reads before an empty prompt; it is no part of the text.

    Returns:
        Prompts and continuations.
    """
    from deepzoo.sampling import generate, generate_compiled

    separator = np.array([SEPARATOR])
    starts = [np.concatenate([separator, vocabulary.encode(text or before)]) for text in prompts]
    options: dict[str, Any] = {
        "end": None if vocabulary.tokens[SEPARATOR] else SEPARATOR,
        "least": [max(0, shortest - len(vocabulary.encode(text))) for text in prompts],
        "forbidden": [1] if vocabulary.level == "word" else [],
    }
    first = FirstText(vocabulary, prompts[0], on_text, stop, alone=len(prompts) == 1)
    if stop or on_text is not None:
        options["on_token"] = first.token
    compiled = len(prompts) >= COMPILED_FROM and getattr(network, "compiles", False)
    sampler: Any = generate_compiled if compiled else generate
    try:
        added = sampler(network, starts, list(lengths), sampling, seed, **options)
    except _Stopped:
        return [prompts[0] + first.text]
    first.close()
    return [
        prompt + cut(vocabulary.decode(tokens), stop)
        for prompt, tokens in zip(prompts, added, strict=True)
    ]


def sentence_end(vocabulary: Vocabulary) -> str:
    """Returns what ends a sentence, as far as a vocabulary knows it: `. `, for example.

    Examples:
        >>> sentence_end(Vocabulary(["", " ", ".", "a"]))
        '. '
    """
    known = vocabulary.numbers
    ends = (end for end in (". ", "。", "\n") if all(character in known for character in end))
    return next(ends, "")


def cut(text: str, stop: Sequence[str]) -> str:
    """Ends a text before the stop string that is complete first.

    A text thus ends at the same position whether it is cut afterwards or while it is written.

    Examples:
        >>> cut("one, two. three", [".", ", two. three", ","])
        'one'
    """
    starts = ((text.find(string), len(string)) for string in stop if string)
    matches = [(start + length, start) for start, length in starts if start >= 0]
    return text[: min(matches)[1]] if matches else text


def shortest_text(spec: Mapping[str, Any]) -> int:
    """Returns the default minimum length of a text: 60, or half the usual document if less.

    Examples:
        >>> shortest_text({"usual_length": 120.0}), shortest_text({"usual_length": 6.0})
        (60, 3)
    """
    return min(SHORTEST, int(spec.get("usual_length", 0)) // 2)


def drawn_lengths(length: int, mean_length: float | None, n: int, seed: int) -> list[int]:
    """Returns how many tokens to write: `length`, or lengths drawn around a mean.

    Drawn lengths follow a Poisson distribution, and are 1 at least.
    """
    if mean_length is None:
        return [length] * n
    # A stream of its own: [seed, i] is the noise of text i.
    sequence = np.random.SeedSequence(seed, spawn_key=(1,))
    return np.maximum(np.random.default_rng(sequence).poisson(mean_length, n), 1).tolist()


class FirstText:
    """Follows the first text while it is written: streams it, ends it at a stop string.

    Args:
        vocabulary: Of the network.
        prompt: What the text begins with.
        on_text: Takes the text piece by piece, or None.
        stop: Strings that end the text; what may become one of them is held back.
        alone: There are no other texts, so the sampler can stop with this one.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        prompt: str,
        on_text: Callable[[str], None] | None,
        stop: Sequence[str],
        alone: bool,
    ) -> None:
        self.tokens, self.on_text, self.alone = vocabulary.tokens, on_text, alone
        self.stop, self.longest = stop, max(map(len, stop), default=1)
        self.text, self.shown, self.over = "", 0, False
        if on_text is not None and prompt:
            on_text(prompt)

    def token(self, sequence: int, token: int) -> None:
        """Takes a token as the sampler writes it."""
        if sequence or self.over:
            return
        unread = max(0, len(self.text) - self.longest + 1)
        text = self.text + self.tokens[token]
        self.text = text[:unread] + cut(text[unread:], self.stop)
        self.over = len(self.text) < len(text)
        self._show(len(self.text) - (0 if self.over else self._held()))
        if self.over and self.alone:
            raise _Stopped

    def close(self) -> None:
        """Streams what was held back, once nothing can follow."""
        self._show(len(self.text))

    def _held(self) -> int:
        """Counts the last characters that a stop string may begin with."""
        beginnings = (string[:end] for string in self.stop for end in range(1, len(string)))
        return max((len(part) for part in beginnings if self.text.endswith(part)), default=0)

    def _show(self, end: int) -> None:
        if self.on_text is not None and end > self.shown:
            self.on_text(self.text[self.shown : end])
            self.shown = end


class _Stopped(Exception):
    """Ends the sampler: the only text has met a stop string."""
