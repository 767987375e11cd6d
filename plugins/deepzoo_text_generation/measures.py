"""What generated texts are like: copied, made of real words, looping, varied.

Each measure gives one value per text. The two that compare with the training documents
read them once, block by block, so that text of any size takes a few megabytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

SPAN = 30
LOOP = 8
MOST = 20_000_000
_CHUNK = 2**20
_MARK = "\ud800"  # between two documents: half a surrogate pair, which no text holds
_URL = re.compile(rf"https?://[^\s{_MARK}]*")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_MULTIPLIER = 0x9E3779B97F4A7C15
_TABLE_BITS = 22


def is_sampled(training: Sequence[str]) -> bool:
    """Whether the training text is so long that measures compare with a part of it.

    Then they read the first `MOST` characters, and what was copied from the rest goes
    unseen: say so beside the score.
    """
    sizes = getattr(training, "byte_size", None)
    lengths = (sizes(index) if sizes else len(training[index]) for index in range(len(training)))
    return sum(lengths) > MOST


def copied_spans(texts: Sequence[str], training: Sequence[str], span: int = SPAN) -> np.ndarray:
    """Returns the share of each text's spans that stand word for word in the training text.

    Args:
        texts: Generated texts.
        training: Documents; a span that crosses from one to the next does not count.
        span: Characters of a span; every character but the last ones begins one.

    Returns:
        float64 [len(texts)] from 0 to 1; 0 for a text shorter than a span.
    """
    hashes = [_hashes(_codes(text), span) for text in texts]
    wanted = np.unique(np.concatenate([np.zeros(0, np.uint64), *hashes]))
    seen = np.zeros(len(wanted), bool)
    maybe = np.zeros(2**_TABLE_BITS, bool)
    maybe[wanted >> np.uint64(64 - _TABLE_BITS)] = True
    for chunk in _chunks(training, span - 1) if len(wanted) else ():
        found = _hashes(_codes(chunk), span)
        found = found[maybe[found >> np.uint64(64 - _TABLE_BITS)]]
        at = np.minimum(np.searchsorted(wanted, found), len(wanted) - 1)
        seen[at[wanted[at] == found]] = True
    return np.array([_mean(seen[np.searchsorted(wanted, part)]) for part in hashes])


def real_words(texts: Sequence[str], training: Sequence[str], shortest: int = 3) -> np.ndarray:
    """Returns the share of each text's words that occur in the training text.

    A word is a run of letters, with apostrophes inside, in any case; names after @ and # are
    words, addresses of web pages are not. Only words of `shortest` letters or more count.

    Returns:
        float64 [len(texts)] from 0 to 1; 0 for a text without such words. To average over
        words, weigh by `count_words`.
    """
    written = [_words(text, shortest) for text in texts]
    missing = {word for words in written for word in words}
    real: set[str] = set()
    for chunk in _chunks(training, 0):
        if not missing:
            break
        known = missing.intersection(_words(chunk, shortest))
        real |= known
        missing -= known
    return np.array([_mean([word in real for word in words]) for words in written])


def count_words(texts: Sequence[str], shortest: int = 3) -> np.ndarray:
    """Returns how many words `real_words` judges in each text."""
    return np.array([len(_words(text, shortest)) for text in texts], np.int64)


def loops(texts: Sequence[str], length: int = LOOP) -> np.ndarray:
    """Returns 1 for each text that got stuck, else 0.

    A text loops when some `length` words in a row occur in it twice (the two may overlap,
    as in one word said nine times), or when a group of up to `length` characters follows
    itself until 3 times `length` characters are full, as in "hahahahahahahahahahahaha".
    A run of blanks counts as one. (An 8-gram of characters would not do: one in seven real
    tweets holds the same eight characters twice; by this rule one in seven thousand loops.)
    """
    stuck = _stuck_pattern(length)
    split = [text.split() for text in texts]
    found = [_repeats(words, length) or stuck.search(" ".join(words)) for words in split]
    return np.array([float(bool(loop)) for loop in found])


def distinct_3(texts: Sequence[str]) -> np.ndarray:
    """Returns the share of each text's runs of three words that are different from each other.

    Returns:
        float64 [len(texts)]; 1 for a text of fewer than three words.
    """
    runs = [_runs(text.split(), 3) for text in texts]
    return np.array([len(set(part)) / len(part) if part else 1.0 for part in runs])


def _chunks(training: Sequence[str], overlap: int) -> Iterator[str]:
    """Yields the first `MOST` characters in pieces that end at white space.

    Each piece begins with the last `overlap` characters of the one before.
    """
    gathered, size, left = [""], 0, MOST
    for piece in _pieces(training):
        gathered.append(piece[:left])
        size, left = size + len(piece), left - len(piece)
        if size < _CHUNK and left > 0:
            continue
        text = "".join(gathered)
        cut = max(text.rfind(" "), text.rfind("\n")) if left > 0 else len(text)
        head = text[:cut] if cut > overlap else text
        yield head
        if left <= 0:
            return
        gathered = [head[max(0, len(head) - overlap) :] + text[len(head) :]]
        size = len(gathered[0])
    yield "".join(gathered)


def _pieces(training: Sequence[str]) -> Iterator[str]:
    from deepzoo.readers import iterate_chunks

    for index in range(len(training)):
        yield from iterate_chunks(training, index, _CHUNK)
        yield _MARK


def _codes(text: str) -> np.ndarray:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint64) + 1


def _hashes(codes: np.ndarray, span: int) -> np.ndarray:
    """Hashes every run of `span` codes, from runs of 1, 2, 4, ... that are put together."""
    done, length = np.zeros(len(codes) + 1, np.uint64), 0
    run, size = codes, 1
    while size <= span:
        if span & size:
            done, length = _joined(done, length, run, size), length + size
        run, size = _joined(run, size, run, size), 2 * size
    done = done * np.uint64(_MULTIPLIER)
    return done ^ (done >> np.uint64(32))


def _joined(first: np.ndarray, length: int, second: np.ndarray, size: int) -> np.ndarray:
    power = np.uint64(pow(_MULTIPLIER, size, 2**64))
    rest = second[length:]
    return first[: len(rest)] * power + rest


def _words(text: str, shortest: int) -> list[str]:
    words = _WORD.findall(_URL.sub(" ", text).lower().replace("’", "'"))
    return [word for word in words if len(word) >= shortest]


def _runs(items: list[str], length: int) -> list[tuple[str, ...]]:
    return [tuple(items[at : at + length]) for at in range(len(items) - length + 1)]


def _repeats(items: list[str], length: int) -> bool:
    runs = _runs(items, length)
    return len(set(runs)) < len(runs)


def _stuck_pattern(length: int) -> re.Pattern[str]:
    """Matches a group of up to `length` characters that fills 3 times `length` of them."""
    times = [(size, -(-3 * length // size) - 1) for size in range(1, length + 1)]
    groups = (f"(.{{{size}}})\\{at}{{{more},}}" for at, (size, more) in enumerate(times, 1))
    return re.compile("|".join(groups), re.DOTALL)


def _mean(values: Sequence[bool] | np.ndarray) -> float:
    return float(np.mean(values)) if len(values) else 0.0
