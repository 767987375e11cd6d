"""The datasets of text classification: paragraphs, film reviews, authors, the user's own texts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from annotated_types import Ge

from deepzoo import Dataset, File, Files, LabelledText, Splits, Text, load_dataset, setting
from deepzoo.errors import DataError, UsageError

from .own_labelled_text import LabelledTexts, UserLabelledText

if TYPE_CHECKING:
    from collections.abc import Iterator

_CZ4042 = (
    "https://raw.githubusercontent.com/tanchuanxin/cz4042_assignment_2/"
    "9e47938991e420f958ffa32e0fad665f5cd358bd/2b"
)
_LABELLED = "aclImdb_labelled.tar.gz"  # the same, without the reviews that have no label
_LINE_BREAK = re.compile(r"[ \t]*<br ?/?>[ \t]*", re.IGNORECASE)
_REVIEW = re.compile(r"(?:^|/)(train|test)/(neg|pos)/[^/]+\.txt$")


class PublishedTexts(LabelledTexts):
    """Texts that are published in a training and a test part.

    The test part is complete. Of the training texts, copies of others and of test texts are left
    out, and some are held out for validation: drawn by seed, the same share of each class.

    Attributes:
        classes: The names of the classes, in the order of the labels.
    """

    classes: ClassVar[tuple[str, ...]] = ()

    splits: Literal["held-out", "report"] = setting(
        "held-out", "held-out keeps a validation split apart; report trains on all, as published"
    )
    validation: Annotated[int, Ge(0)] = setting(
        0, "texts of the validation split; 0 takes a tenth of the training texts"
    )
    split_seed: Annotated[int, Ge(0)] = setting(0, "seed of the draw of the validation split")

    def hold_out(self, train: LabelledText, test: LabelledText) -> Splits[LabelledText]:
        """Makes splits of the two published parts."""
        if self.splits == "report":
            note = "As published, all but the test texts are for training: no validation split."
            return Splits(train, train.take([]), test, (note,))
        from .splitting import hold_out

        return hold_out(train, test, self.validation, self.split_seed)


class DbpediaParagraphs(PublishedTexts):
    """6,300 first paragraphs of Wikipedia articles on things of 14 classes, from DBpedia.

    Where a paragraph has a semicolon, the files hold what follows in further columns, which are
    not read, as published.
    """

    name = "dbpedia-paragraphs"
    folder = "dbpedia_cz4042"
    homepage = "https://github.com/tanchuanxin/cz4042_assignment_2"
    license = "CC BY-SA 3.0"
    citation = "X. Zhang, J. Zhao, Y. LeCun (2015), DBpedia ontology classification; a part of it"
    classes = tuple(
        "Company,EducationalInstitution,Artist,Athlete,OfficeHolder,MeanOfTransportation,Building,"
        "NaturalPlace,Village,Animal,Plant,Album,Film,WrittenWork".split(",")
    )
    files: ClassVar = {
        "train": File(
            paths=("train_medium.csv",),
            mirrors=(f"{_CZ4042}/train_medium.csv",),
            sha256="9c5816b344282bf25b5969c8f4c2ee0d3403d464e4f241ed77f5d6de33187ef5",
            size=1654935,
        ),
        "test": File(
            paths=("test_medium.csv",),
            mirrors=(f"{_CZ4042}/test_medium.csv",),
            sha256="7b00dbd17689f1fbe30473cb3122872a61160fee1d1e70c227d64e4e9a84dc10",
            size=206816,
        ),
    }

    def load(self, files: Files) -> Splits[LabelledText]:
        """Reads the number of the class and the paragraph of each row of the two tables."""
        return self.hold_out(*(self._read(files, name) for name in ("train", "test")))

    def sample(self) -> Splits[LabelledText]:
        """Writes 1,400 short paragraphs with invented names."""
        from . import samples

        return self.hold_out(samples.paragraphs(1400, seed=0), samples.paragraphs(280, seed=1))

    def _read(self, files: Files, part: str) -> LabelledText:
        import numpy as np

        from deepzoo.readers import Table

        texts, labels = [], []
        for line, row in Table(files[part], files.options.encoding):
            number = row[0] if row else ""
            if len(row) < 2 or not number.isdecimal() or not 1 <= int(number) <= len(self.classes):
                raise DataError(
                    f"{files[part]}, line {line:,}: expected a class from 1 to "
                    f"{len(self.classes)} and a text, received {row!r:.60}."
                )
            texts.append(row[1].strip())
            labels.append(int(number) - 1)
        return LabelledText(texts, np.array(labels, np.int64), self.classes)


class Imdb(PublishedTexts):
    """50,000 film reviews of users of IMDb, half of them positive (7 to 10 points), half negative.

    Half are for training, half for test; no film has more than 30 reviews, and none is in both
    halves. Marks of line breaks, `<br />`, are read as line breaks.
    """

    name = "imdb"
    homepage = "https://ai.stanford.edu/~amaas/data/sentiment/"
    license = "none stated; for research, with the citation"
    citation = "A. L. Maas et al. (2011), Learning Word Vectors for Sentiment Analysis"
    classes = ("negative", "positive")
    files: ClassVar = {
        "reviews": File(
            paths=("aclImdb_v1.tar.gz", _LABELLED),
            mirrors=("https://ai.stanford.edu/~amaas/data/sentiment/aclImdb_v1.tar.gz",),
            sha256="c40f74a18d3b61f90feba1e17730e0d38e8b97c05fde7008942e91923d1658fe",
            size=84125825,
            hashes={_LABELLED: "4020a1eacc867e9746a770517fcadda9b49d638b0e3d2304aaffbbfbcb7a42c4"},
        )
    }

    def load(self, files: Files) -> Splits[LabelledText]:
        """Reads the archive as a stream."""
        import numpy as np

        parts: dict[str, list[tuple[str, int, str]]] = {"train": [], "test": []}
        for part, label, name, text in _reviews(files):
            parts[part].append((name, label, text))
        made = []
        for rows in parts.values():
            # By name: every archive of these reviews gives the same order, and classes alternate.
            rows.sort()
            labels = np.array([label for _, label, _ in rows], np.int64)
            made.append(LabelledText([text for *_, text in rows], labels, self.classes))
        return self.hold_out(*made)

    def sample(self) -> Splits[LabelledText]:
        """Writes 800 short reviews of invented films."""
        from . import samples

        return self.hold_out(samples.reviews(800, seed=0), samples.reviews(200, seed=1))


def _reviews(files: Files) -> Iterator[tuple[str, int, str, str]]:
    """Yields part, label, name and text of each review."""
    from deepzoo.readers import read_members

    for name, content in read_members(files["reviews"], lambda name: bool(_REVIEW.search(name))):
        match = _REVIEW.search(name)
        assert match
        text = _LINE_BREAK.sub("\n", content.decode("utf-8")).strip()
        yield match[1], int(match[2] == "pos"), name.rpartition("/")[2], text


class Authors(LabelledTexts):
    """Short passages of four authors, or of those you name: who wrote them?

    Each author is a dataset of text. The passages have whole words, up to `length` characters and
    nine tenths of it at least. The splits are those of the text datasets: by document, or the last
    two tenths of a long text. Each author has as many passages as the one with the fewest.
    """

    name = "authors"
    license = "that of each dataset"

    authors: str = setting(
        "tweets,tom-sawyer,shakespeare,nietzsche", "text datasets, one an author, with commas"
    )
    length: Annotated[int, Ge(20)] = setting(140, "the most characters of a passage")
    split_seed: Annotated[int, Ge(0)] = setting(0, "seed of the draw of the passages")

    def load(self, files: Files) -> Splits[LabelledText]:
        """Loads the datasets, and cuts their texts into passages."""
        from .passages import split_authors

        authors = {}
        for name in self._names():
            authors[name] = load_dataset(name)
            if authors[name].train.name != Text.name:
                raise UsageError(
                    f"Dataset {name} is of the kind {authors[name].train.name}; authors are of "
                    "the kind text.",
                    "See the list: deepzoo datasets",
                )
        return split_authors(authors, self.length, self.split_seed)

    def sample(self) -> Splits[LabelledText]:
        """Writes 200 sentences for each author, who all have favourite words."""
        from . import samples
        from .passages import split_authors

        return split_authors(samples.authors(self._names(), 200), 60, self.split_seed)

    def _names(self) -> list[str]:
        names = [name.strip() for name in self.authors.split(",") if name.strip()]
        if len(names) < 2 or len(set(names)) < len(names):
            raise UsageError(
                f"authors is {self.authors!r}; expected two different text datasets or more.",
                "Set them: --set authors=tweets,shakespeare",
            )
        return names


DATASETS: tuple[type[Dataset], ...] = (DbpediaParagraphs, Imdb, Authors, UserLabelledText)
