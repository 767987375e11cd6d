"""Dataset: the recipe for data, and checks of what its `load` returns."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from ..errors import DataError, PluginError
from .kinds import Kind, KindSettings, Splits
from .recipe import Recipe

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclasses.dataclass(frozen=True)
class File:
    """One file a dataset needs.

    Args:
        paths: Accepted paths below the dataset's folder; the first is the path in the cache.
        mirrors: URLs to download it from, tried in order.
        sha256: Hash of the file that the mirrors serve, in hexadecimal.
        size: Its size in bytes.
        published: Whether the published figures were measured on this file. Only then
            does a matching hash make the data `full`.
        hashes: Known hashes of the other accepted paths, by path.
    """

    paths: tuple[str, ...]
    mirrors: tuple[str, ...] = ()
    sha256: str = ""
    size: int = 0
    published: bool = True
    hashes: Mapping[str, str] = dataclasses.field(default_factory=dict)


class Files(dict[str, Path]):
    """The local, verified files that `Dataset.load` reads, by the names of `Dataset.files`.

    Args:
        paths: Local paths by name. A user's own file or folder is `files["data"]`.
        options: The settings of the dataset's kind, such as the text encoding.
    """

    def __init__(self, paths: Mapping[str, Path], options: KindSettings) -> None:
        super().__init__(paths)
        self.options: Any = options


class Dataset(Recipe):
    """Base of all datasets: subclasses implement `load`, and may implement `sample`.

    A dataset that is named like its kind, such as `text` or `images`, is the one of users' own
    data: it has no `files`, and `load` reads the file or folder `files["data"]` that `--data`
    names. Data that are given in Python go through `from_python` and `split` of it.

    Attributes:
        name: As users type it.
        kind: The kind of the splits.
        folder: Its folder below DEEPZOO_DATA; the name if empty.
        default_model: Name of the model that is trained when none is named.
        default_task: Name of the default task, needed only without a default model.
        start_from: A run, such as a shipped one, from whose weights a training on the user's own
            data starts, unless the user names another, none, another model or an architecture.
        homepage: URL of a description.
        license: License of the data.
        citation: How to cite the data.
        files: The files that `load` reads, by name.

    Examples:
        >>> from deepzoo import Dataset, Splits, Text
        >>> class Haiku(Dataset):
        ...     name = "haiku"
        ...     kind = Text
        ...     def load(self, files):
        ...         poems = Text(["an old silent pond"] * 8)
        ...         return Splits(poems, poems.take([0]), poems.take([1]))
        >>> len(Haiku().load({}).train)
        8
    """

    kind: ClassVar[type[Kind]]
    folder: ClassVar[str] = ""
    default_model: ClassVar[str] = ""
    default_task: ClassVar[str] = ""
    start_from: ClassVar[str] = ""
    homepage: ClassVar[str] = ""
    license: ClassVar[str] = ""
    citation: ClassVar[str] = ""
    files: ClassVar[Mapping[str, File]] = {}

    def load(self, files: Files) -> Splits:
        """Reads the data from local, verified files; must not depend on the run's seed."""
        raise NotImplementedError(f"{type(self).__name__} does not implement load")

    def from_python(self, data: Any) -> Any:
        """Makes an instance of the kind from data given in Python, beside its fields; or None."""
        return None

    def split(self, whole: Any) -> Splits:
        """Splits data given in Python as those of a file; here by their content."""
        from .content_splits import split_by_content

        seed, labels = getattr(self, "split_seed", 0), getattr(whole, "labels", None)
        return Splits(*map(whole.take, split_by_content(whole.identities(), seed, labels)))

    def check_splits(self, splits: Splits) -> Splits:
        """Checks splits given in Python as those of a folder: what is in two, what is small."""
        return splits

    def picture(self, splits: Splits) -> Figure | None:
        """Draws the data for `deepzoo data show`; None where there is nothing to draw."""
        return None

    def sample(self) -> Splits:
        """Makes a small stand-in for the data from a fixed seed, for use without the files."""
        raise NotImplementedError(f"{type(self).__name__} has no sample")


def check(dataset: Dataset, splits: Any) -> None:
    """Raises an error unless `splits` are of the dataset's kind and have training examples."""
    if not isinstance(splits, Splits):
        raise PluginError(
            f"Dataset {dataset.name} returned a {type(splits).__name__}, expected Splits."
        )
    for name in ("train", "validation", "test"):
        part = getattr(splits, name)
        if not isinstance(part, dataset.kind):
            raise PluginError(
                f"Dataset {dataset.name}: its {name} split is a {type(part).__name__}, "
                f"expected {dataset.kind.__name__}."
            )
    if not len(splits.train):
        raise DataError(
            f"Dataset {dataset.name} has 0 training examples.", "Give files that contain data."
        )
