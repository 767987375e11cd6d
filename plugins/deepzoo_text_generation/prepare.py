"""From documents to what networks of text generation learn from and are scored on.

The training text is one long row of tokens; its windows are cut when they are needed.
"""

from __future__ import annotations

import dataclasses
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo import Arrays, ArraySpec, Example, Prepared
from deepzoo.errors import DataError
from deepzoo.readers import iterate_chunks, report_unknown

from .vocabulary import SEPARATOR, Vocabulary

if TYPE_CHECKING:
    from deepzoo import Splits

IN_MEMORY = 64_000_000  # tokens; longer texts go to a file that is mapped


class Windows(Arrays):
    """Examples of next-token prediction: a window, and the same window one token on.

    Args:
        tokens: All tokens in a row, uint8, uint16 or uint32 [N], array or memory map.
        length: Tokens in a window.
        step: Tokens between the starts of two windows.
        context: Tokens before the window that the network sees but does not predict.
        every_step: Whether every position has a target, or the last one alone.
        documents: Where documents start, int [n], if their order may change from epoch to
            epoch; the last one is the separator that ends the row.

    Examples:
        >>> windows = Windows(np.array([0, 1, 2, 3, 4, 5, 6], np.uint8), length=3, step=3)
        >>> inputs, targets, _ = windows.batch(np.array([0, 1]))
        >>> inputs.tolist(), targets.tolist()
        ([[0, 1, 2], [3, 4, 5]], [[1, 2, 3], [4, 5, 6]])
    """

    def __init__(
        self,
        tokens: np.ndarray,
        length: int,
        step: int,
        context: int = 0,
        every_step: bool = True,
        documents: np.ndarray | None = None,
    ) -> None:
        super().__init__(tokens)
        self.documents = documents
        self.length, self.step = length, step
        self.context, self.every_step = context, every_step

    def __len__(self) -> int:
        """Returns the number of whole windows with a token after them."""
        return max(0, (len(self.inputs) - 1 - self.length) // self.step + 1)

    def batch(self, indices: np.ndarray) -> tuple[np.ndarray, np.ndarray, None]:
        """Cuts the windows at `indices`: inputs int32 [n, context + length], targets int32."""
        starts = np.asarray(indices, np.int64)[:, None] * self.step
        positions = starts + np.arange(-self.context, self.length + 1)
        tokens = self._tokens(np.maximum(positions, 0))
        rows = np.where(positions < 0, SEPARATOR, tokens).astype(np.int32)
        targets = rows[:, self.context + 1 :] if self.every_step else rows[:, -1]
        return rows[:, :-1], targets, None

    def shuffled(self, generator: np.random.Generator) -> Windows:
        """Returns as many windows over the documents in a new order."""
        if self.documents is None or len(self.documents) < 3:
            return self
        order = np.append(generator.permutation(len(self.documents) - 1), len(self.documents) - 1)
        return ShuffledWindows(self, order)

    def _tokens(self, positions: np.ndarray) -> np.ndarray:
        return self.inputs[positions]


class ShuffledWindows(Windows):
    """Windows over the same documents in another order; the tokens are not copied.

    Args:
        windows: The windows over the documents in order.
        order: A permutation of the documents.
    """

    def __init__(self, windows: Windows, order: np.ndarray) -> None:
        super().__init__(
            windows.inputs, windows.length, windows.step, windows.context, windows.every_step
        )
        starts = np.asarray(windows.documents)
        self.ends = np.cumsum(np.diff(starts, append=len(self.inputs))[order])
        self.offsets = starts[order] - np.append(0, self.ends[:-1])

    def _tokens(self, positions: np.ndarray) -> np.ndarray:
        documents = np.searchsorted(self.ends, positions, "right")
        return self.inputs[positions + self.offsets[documents]]


@dataclasses.dataclass
class HeldOut:
    """Held-out documents: their tokens, and the characters of each token.

    Args:
        tokens: One int array per document, without separators.
        characters: Characters of each token and of the closing separator, float64 [n + 1].
        surcharge: Bits of each document for what the vocabulary cannot express.
        training: The training documents, to compare generated texts with.
    """

    tokens: list[np.ndarray]
    characters: list[np.ndarray]
    surcharge: np.ndarray
    training: Sequence[str]

    def __len__(self) -> int:
        """Returns the number of documents."""
        return len(self.tokens)


def prepare(
    splits: Splits,
    model: Any,
    *,
    lower_case: bool,
    evaluate_characters: int,
    preprocessor: Mapping[str, Any] | None = None,
) -> Prepared:
    """Encodes splits for a model; the vocabulary is the training split's, or that of a run.

    Raises:
        DataError: The training text is shorter than one window.
    """
    in_windows = hasattr(model, "sequence_length")
    if preprocessor is not None:
        vocabulary = Vocabulary(**preprocessor)
    else:
        vocabulary = Vocabulary.fit(
            text_chunks(splits.train.documents),
            level=model.level,
            lower_case=lower_case,
            learn_end=in_windows and model.learn_end,
            size=getattr(model, "vocabulary_size", 0),
        )
    test, unknown = held_out_documents(splits, vocabulary, evaluate_characters)
    if preprocessor is not None:
        report_unknown(f"{model.level}s", unknown, len(test), "each costs extra bits")
    row = token_row(splits.train.documents, vocabulary)
    size = len(vocabulary)
    text = ArraySpec([None], str(row.dtype), 0, size - 1)
    spec = Example(
        inputs=text,
        targets=text,
        outputs="logits",
        vocabulary=size,
        separator=SEPARATOR,
    )
    if not in_windows:
        # All of the text is one window.
        train = Arrays(row[None, :-1], row[None, 1:])
        empty = Arrays(row[None, :0][:0])
        return Prepared(train, empty, test, vocabulary.as_json(), spec)
    length = model.sequence_length
    if len(row) - 2 <= length and preprocessor is None:
        raise DataError(
            f"The training text is too short: {len(row) - 2:,} {model.level}s, expected at "
            f"least {length + 1} (sequence length {length}).",
            "Use more text, or a shorter window: --set sequence_length=...",
        )
    spec["inputs"] = ArraySpec([model.context + length], "int32", 0, size - 1)
    spec["targets"] = ArraySpec([length] * model.every_step, "int32", 0, size - 1)
    options = (length, model.stride, model.context, model.every_step)
    train = Windows(row, *options)
    if model.learn_end:
        starts = document_starts(row)
        spec["usual_length"] = float(np.median(np.diff(starts))) - 1
        train.documents = starts if model.order == "streams" else None
    documents = splits.validation.documents
    held_out = token_row(documents, vocabulary)
    validation = Windows(held_out if len(splits.validation) else row[:0], *options)
    spec["characters_per_token"] = 1.0
    if len(documents):
        characters = sum(len(chunk) for chunk in text_chunks(documents)) + len(documents)
        spec["characters_per_token"] = characters / (len(held_out) - 1)
    return Prepared(train, validation, test, vocabulary.as_json(), spec)


def held_out_documents(
    splits: Splits, vocabulary: Vocabulary, most: int
) -> tuple[HeldOut, Counter[str]]:
    """Encodes held-out documents up to `most` characters; counts what has no token."""
    held_out = HeldOut([], [], np.zeros(0), splits.train.documents)
    named: Counter[str] = Counter()
    documents, surcharge, left = splits.test.documents, [], most
    for index in range(len(documents)):
        if left <= 0:
            break
        text = ""
        for chunk in iterate_chunks(documents, index):
            text += chunk[: left - len(text)]
            if len(text) >= left:
                break
        left -= len(text) + 1
        tokens = vocabulary.encode(text)
        unknown = vocabulary.unknown(text)
        if unknown:
            pieces = vocabulary.split(text)
            named.update(piece for piece in pieces if piece not in vocabulary.numbers)
        if vocabulary.level == "word":
            sizes = np.array([*map(len, vocabulary.split(text)), 1], np.float64)
        else:
            sizes = np.ones(len(tokens) + 1)
            sizes[-1] += unknown
        surcharge.append(vocabulary.surcharge(text))
        held_out.tokens.append(tokens)
        held_out.characters.append(sizes)
    held_out.surcharge = np.array(surcharge)
    return held_out, named


def document_starts(row: np.ndarray) -> np.ndarray:
    """Finds the separators of a row of tokens, int64."""
    starts = range(0, len(row), IN_MEMORY)
    return np.concatenate(
        [np.flatnonzero(row[at : at + IN_MEMORY] == SEPARATOR) + at for at in starts]
    )


def token_row(documents: Sequence[str], vocabulary: Vocabulary) -> np.ndarray:
    """Encodes documents to one row: a separator before each, and one at the end.

    Short texts become an array, long ones a memory map on a temporary file.
    """
    separator = np.array([SEPARATOR], vocabulary.dtype)

    def encoded() -> Iterator[np.ndarray]:
        for index in range(len(documents)):
            yield separator
            for chunk in whole_words(iterate_chunks(documents, index)):
                yield vocabulary.encode(chunk)
        yield separator

    total = waiting = 0
    with tempfile.TemporaryFile() as file:
        pieces: list[np.ndarray] = []
        for piece in encoded():
            total += len(piece)
            waiting += len(piece)
            pieces.append(piece)
            if waiting > IN_MEMORY:
                file.write(np.concatenate(pieces).tobytes())
                pieces, waiting = [], 0
        if not file.tell():
            return np.concatenate(pieces)
        file.write(np.concatenate(pieces).tobytes() if pieces else b"")
        file.flush()
        return np.memmap(file, vocabulary.dtype, "r", shape=(total,))


def text_chunks(documents: Sequence[str]) -> Iterator[str]:
    """Yields all documents in pieces of bounded size, not cut inside words."""
    for index in range(len(documents)):
        yield from whole_words(iterate_chunks(documents, index))


def whole_words(chunks: Iterable[str]) -> Iterator[str]:
    """Moves the cuts between pieces of a text back to the last space or line end, if any."""
    held = ""
    for chunk in chunks:
        if held:
            end = max(held.rfind(" "), held.rfind("\n")) + 1 or len(held)
            yield held[:end]
            held = held[end:]
        held += chunk
    if held:
        yield held
