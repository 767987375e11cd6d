"""Splits that hang on the content of each example: one more moves none of the others."""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

_URL = re.compile(r"(?:https?://|www\.)\S+")
_RETWEET = re.compile(r"^(?:\s*(?:rt\s+@\w+:?|@\w+:))+")
_QUOTES = re.compile("[\"“”„«»]|^['‘’`]+|['‘’`]+$")
_APOSTROPHES = str.maketrans("‘’`´", "''''")
_SPACE = re.compile(r"\s+")
_BEFORE_MARK = re.compile(r"\s+(?=[!?;:»,.…])")  # French puts a narrow blank there


def normalise(text: str) -> str:
    """Reduces a text to the form in which near-duplicates are equal.

    Ignores case, HTML escapes, surplus white space, URLs, a leading "RT @name:",
    quotation marks and the form of accents (NFC).

    Examples:
        >>> normalise('RT @someone: "Great  Day!" https://t.co/abc')
        'great day!'
    """
    text = unicodedata.normalize("NFC", html.unescape(text).casefold())
    text = _QUOTES.sub("", _URL.sub("", text).strip())
    text = _RETWEET.sub("", text)
    return _SPACE.sub(" ", text).strip()


def identity_of(value: Any) -> str | bytes:
    """Returns what copies of a value share: of a text its normalised form, of an array its bytes.

    Examples:
        >>> identity_of("It’s   a day !") == identity_of("it's a day!")
        True
    """
    if isinstance(value, str):
        normalised = normalise(_BEFORE_MARK.sub("", value)).translate(_APOSTROPHES)
        return normalised or value.strip()  # nothing is left of a text that is only an address
    return value.tobytes() if hasattr(value, "tobytes") else repr(value)


def split_by_content(
    identities: Iterable[str | bytes],
    seed: int = 0,
    labels: Sequence[Any] | np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Splits examples by a hash of each: about 80 % for training, 10 % validation, 10 % test.

    An example's split depends on nothing but its content and the seed, so copies share a split.
    Only a split that would be empty takes the example whose hash is nearest to its own, if there
    are three different ones; and training takes one of each class.

    Args:
        identities: What identifies each example, as `Kind.identities` yields it.
        seed: A setting of the dataset, not the seed of the run.
        labels: The class of every example, so that training has all classes.

    Returns:
        Indices of the three parts, each in the order of the hashes: mixed, and always the same.

    Examples:
        >>> train, validation, test = split_by_content(f"text {n}" for n in range(1000))
        >>> len(train), len(validation), len(test)
        (799, 95, 106)
    """
    import numpy as np

    places = np.array([_place(identity, seed) for identity in identities], np.float64)
    validation_from, test_from = _bounds(np.unique(places))
    train = places < validation_from
    values = np.asarray(() if labels is None else labels)
    for label in np.unique(values):
        of_class = values == label
        if not train[of_class].any():
            train |= places == places[of_class].min()
    test = ~train & (places >= test_from)
    order = np.argsort(places, kind="stable")
    return order[train[order]], order[~(train | test)[order]], order[test[order]]


def _place(identity: str | bytes, seed: int) -> float:
    """Returns a number from 0 to 1, evenly distributed over what identifies examples."""
    content = identity.encode("utf-8", "surrogatepass") if isinstance(identity, str) else identity
    digest = hashlib.blake2b(f"{seed}:".encode() + content, digest_size=6).digest()
    return int.from_bytes(digest, "big") / 2**48


def _bounds(places: np.ndarray) -> tuple[float, float]:
    """Returns where validation and test begin: 0.8 and 0.9, unless that left a split empty."""
    if len(places) < 3:
        return 1.0, 1.0
    test_from = min(max(0.9, places[2]), places[-1])
    last_below = places[places < test_from][-1]
    return min(max(0.8, places[1]), last_below), test_from
