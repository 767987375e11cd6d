"""Kinds: the plain data structures that datasets return and tasks accept.

A dataset's `load` returns an instance of its kind for each split. A kind is not a task:
`Images` serve classification, autoencoding and pixel generation alike.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    ClassVar,
    Generic,
    Self,
    TypeVar,
    dataclass_transform,
)

from annotated_types import Ge

from ..errors import DataError
from .content_splits import identity_of
from .recipe import Recipe, setting

if TYPE_CHECKING:
    import numpy as np

LONG = 2**20


class KindSettings(Recipe):
    """Settings that all datasets of a kind have."""

    def apply(self, splits: Splits) -> Splits:
        """Applies the settings to loaded splits; called after `Dataset.load`."""
        return splits

    def arrange(self, inputs: Any) -> Any:
        """Changes the inputs of a verb as `apply` changed the data of its run."""
        return inputs


def shared(default: Any = dataclasses.MISSING) -> Any:
    """Declares a field of a kind that belongs to the whole split, not to an example.

    Args:
        default: Its value where none is given, such as `()`; without one it must be given.
    """
    return dataclasses.field(default=default, metadata={"shared": True})


@dataclass_transform(frozen_default=True, field_specifiers=(shared, dataclasses.field))
@dataclasses.dataclass(frozen=True)
class Kind:
    """Base of all kinds; a plugin may register its own subclass.

    Subclasses become frozen dataclasses automatically. Each field has a row per example, unless
    it is `shared`; the first one says how many examples there are.

    Attributes:
        name: As users type it.
        options: The settings of the kind.
        repeats: Whether equal examples are ordinary, and may be in two splits.

    Examples:
        >>> class Series(Kind):
        ...     name = "series"
        ...     values: Sequence[Sequence[float]]
        ...     unit: str = shared("")
        >>> Series([[1.0, 2.0], [3.0]], "hour").take([1])
        Series(values=[[3.0]], unit='hour')
    """

    name: ClassVar[str]
    options: ClassVar[type[KindSettings]] = KindSettings
    shared_fields: ClassVar[tuple[str, ...]] = ()
    repeats: ClassVar[bool] = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        fields = dataclasses.fields(dataclasses.dataclass(frozen=True)(cls))
        cls.shared_fields = tuple(field.name for field in fields if field.metadata.get("shared"))

    def __len__(self) -> int:
        """Returns the number of examples."""
        return len(getattr(self, dataclasses.fields(self)[0].name))

    def per_example(self) -> dict[str, Any]:
        """Returns the fields that have a row per example, without those that are None."""
        values = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        return {
            name: value
            for name, value in values.items()
            if name not in self.shared_fields and value is not None
        }

    def example(self, index: int) -> dict[str, Any]:
        """Returns the fields of an example, for people to look at."""
        return {name: value[index] for name, value in self.per_example().items()}

    def identity(self, index: int) -> str | bytes:
        """Returns what copies of an example share; by default that of its first field."""
        return identity_of(next(iter(self.example(index).values())))

    def identities(self) -> Iterator[str | bytes]:
        """Yields what identifies each example; `deepzoo.readers.split_by_content` splits by it."""
        return map(self.identity, range(len(self)))

    def take(self, indices: Sequence[int] | np.ndarray) -> Self:
        """Returns the examples at `indices`; fields that are not per example are kept."""
        count = len(self)
        changed = {
            name: _take(value, indices)
            for name, value in self.per_example().items()
            if len(value) == count
        }
        return dataclasses.replace(self, **changed)


def _take(value: Any, indices: Any) -> Any:
    if hasattr(value, "take_documents"):
        return value.take_documents(indices)
    if hasattr(value, "dtype"):
        return value[indices]
    return [value[int(index)] for index in indices]


class TextSettings(KindSettings):
    """How text files are read."""

    encoding: str = setting("utf-8", "encoding of text and CSV files without a byte order mark")
    skip_bad: bool = setting(False, "leave out bad rows of a CSV file, and count them")
    max_length: Annotated[int, Ge(0)] = setting(0, "cut documents after N characters; 0 keeps all")

    def apply(self, splits: Splits) -> Splits:
        """Cuts each text after `max_length` characters."""
        return splits.map(self._cut) if self.max_length else splits

    def _cut(self, part: Any) -> Any:
        texts = {}
        for name in {"documents", "texts", "sources", "targets"} & vars(part).keys():
            value = getattr(part, name)
            # Documents on disk may be larger than memory: only their start is read.
            head = getattr(value, "head", lambda index, length, value=value: value[index][:length])
            texts[name] = [head(index, self.max_length) for index in range(len(value))]
        return dataclasses.replace(part, **texts)


class Text(Kind):
    """Documents of running text: a list, or an `OnDiskText`."""

    name = "text"
    options = TextSettings
    documents: Sequence[str]

    def identity(self, index: int) -> str | bytes:
        """Returns the document in its normalised form; long ones are copies if they begin alike."""
        return identity_of(self.beginning(index))

    def beginning(self, index: int) -> str:
        """Returns a document, or its first million characters where it is long and on disk."""
        documents: Any = self.documents
        if hasattr(documents, "byte_size") and documents.byte_size(index) > LONG:
            return documents.head(index, LONG)
        return documents[index]


class LabelledTextSettings(TextSettings):
    """How files of labelled texts are read, and what may be learned from them."""

    allow_single_class: bool = setting(False, "train even if all texts have the same class")

    def apply(self, splits: Splits) -> Splits:
        """Checks that there are classes to learn, and cuts long texts.

        Raises:
            DataError: The training texts have one class, or lack one of the other splits.
        """
        import numpy as np

        train = splits.train
        known = np.unique(train.labels)
        if len(known) == 1 and not self.allow_single_class:
            raise DataError(
                f"All {len(train):,} training texts have the class "
                f"{train.classes[int(known[0])]!r}: nothing can be learned.",
                "Give at least two classes, or --set allow_single_class=true.",
            )
        for name in ("validation", "test"):
            labels = getattr(splits, name).labels
            unknown = np.setdiff1d(labels, known)
            if len(unknown) and len(known):
                count, label = int((labels == unknown[0]).sum()), train.classes[int(unknown[0])]
                raise DataError(
                    f"The {name} split has {count:,} text{'s'[: count > 1]} of the class "
                    f"{label!r:.60}, and the training split none.",
                    "Add such texts to the training split, or correct the label.",
                )
        return super().apply(splits)


class LabelledText(Kind):
    """Texts and their classes: `texts` [N], `labels` int64 [N]."""

    name = "labelled-text"
    options = LabelledTextSettings
    texts: Sequence[str]
    labels: np.ndarray
    classes: Sequence[str] = shared()

    def example(self, index: int) -> dict[str, Any]:
        """Returns a text and the name of its class."""
        return {"text": self.texts[index], "label": self.classes[int(self.labels[index])]}


class TextPairs(Kind):
    """Sentences and their translations, or questions and their answers."""

    name = "text-pairs"
    options = TextSettings
    sources: Sequence[str]
    targets: Sequence[str]


class BasketSettings(KindSettings):
    """How files of baskets are read."""

    encoding: str = setting("utf-8", "encoding of text and CSV files without a byte order mark")
    skip_bad: bool = setting(False, "leave out bad rows of a file, and count them")


class Baskets(Kind):
    """Sets of items as sparse rows: basket i holds `indices[indptr[i]:indptr[i + 1]]`."""

    name = "baskets"
    options = BasketSettings
    items: Sequence[str] = shared()
    indptr: np.ndarray = shared()
    indices: np.ndarray = shared()
    repeats: ClassVar[bool] = True  # two people may buy the same three things

    def __len__(self) -> int:
        """Returns the number of baskets."""
        return len(self.indptr) - 1

    def example(self, index: int) -> dict[str, Any]:
        """Returns the names of the items in a basket."""
        entries = self.indices[self.indptr[index] : self.indptr[index + 1]]
        return {"items": [self.items[item] for item in entries]}

    def identity(self, index: int) -> str:
        """Returns the names of the items in a basket, in alphabetical order."""
        return "\n".join(sorted(self.example(index)["items"]))

    def identities(self) -> Iterator[str | bytes]:
        """Yields the names of the items of each basket, with a number where it is not the first."""
        counts: Counter[str] = Counter()
        for items in map(self.identity, range(len(self))):
            counts[items] += 1
            yield items if counts[items] == 1 else f"{items}\0{counts[items]}"

    def take(self, indices: Sequence[int] | np.ndarray) -> Self:
        """Returns the baskets at `indices`."""
        import numpy as np

        chosen = np.asarray(indices)
        if not chosen.size:
            chosen = chosen.astype(np.int64)  # an empty list would be of floats
        bounds, entries = np.asarray(self.indptr), np.asarray(self.indices)
        starts = bounds[:-1][chosen].astype(np.int64)
        sizes = bounds[1:][chosen].astype(np.int64) - starts
        ends = np.cumsum(sizes)
        # The old position of each entry: its new position, shifted as its whole basket is.
        positions = np.arange(sizes.sum()) + np.repeat(starts - (ends - sizes), sizes)
        indptr = np.concatenate([[0], ends]).astype(bounds.dtype)
        return type(self)(self.items, indptr, entries[positions])


K = TypeVar("K", bound=Kind)


@dataclasses.dataclass(frozen=True)
class Splits(Generic[K]):
    """Three disjoint parts of a dataset.

    Args:
        train: Examples to train on; vocabularies and statistics come from them alone.
        validation: Examples to choose the best epoch by; may be empty.
        test: Examples that only `evaluate` uses; may be empty.
        notes: Sentences on what was dropped or changed; shown and stored with the run.
    """

    train: K
    validation: K
    test: K
    notes: tuple[str, ...] = ()

    def map(self, change: Callable[[Any], Any]) -> Splits[K]:
        """Applies `change` to each of the three parts."""
        parts = {name: change(getattr(self, name)) for name in ("train", "validation", "test")}
        return dataclasses.replace(self, **parts)
