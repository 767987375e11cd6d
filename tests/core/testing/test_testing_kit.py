"""The conformance kit: what keeps its promises passes, and what does not is told what to do."""

from __future__ import annotations

import dataclasses
import itertools
import os
import re
from typing import Annotated

import numpy as np
import pytest
from annotated_types import Ge

from deepzoo import Dataset, File, Kind, Splits, setting
from deepzoo.interfaces.image_kinds import Images
from deepzoo.interfaces.kinds import Baskets, LabelledText, Text, TextPairs
from deepzoo.plugins import loader as plugins
from deepzoo.testing import check_dataset

WORDS = ("an", "old", "pond", "a", "frog", "jumps", "in", "sound", "of", "water")
LINES = [" ".join(words) for words in itertools.permutations(WORDS[:5], 3)]


class Haiku(Dataset):
    """A stranger's dataset of a dozen lines."""

    name = "haiku"
    kind = Text

    def load(self, files):
        return Splits(Text(LINES[:40]), Text(LINES[40:50]), Text(LINES[50:60]))


def variant(base=Haiku, **attributes):
    """Makes the same dataset with something else about it."""
    return type(base.__name__, (base,), {"__doc__": base.__doc__, **attributes})


def loading(*parts, kind=Text):
    splits = Splits(*parts)
    return variant(kind=kind, load=lambda self, files: splits)


def test_a_strangers_dataset_passes_without_being_registered():
    assert check_dataset(Haiku) == [
        "Haiku is declared as it should be.",
        "Loading it twice gives the same data.",
        "Its splits have the types and shapes of their kind.",
        "No example of validation or test is in the training split.",
    ]


def test_registered_names_and_instances_are_taken_too(fake):
    assert check_dataset("clusters") == [
        line.replace("Haiku", "Clusters") for line in check_dataset(Haiku)
    ]
    assert check_dataset(fake.datasets.Clusters(noise=0.0, points=30), duplicates=1.0)


def test_a_file_of_ones_own_is_read(fake, tmp_path):
    path = tmp_path / "points.csv"
    path.write_text("\n".join(f"{number},{number % 7},{'ab'[number % 2]}" for number in range(40)))

    assert check_dataset("points", data=path)
    path.write_text("1,2,3\n4,five,6\n")
    with pytest.raises(AssertionError, match=r"OwnPoints\.load\(\) failed: .*could not read"):
        check_dataset("points", data=path)


def ready(count):
    return Images(
        np.arange(count * 4, dtype="uint8").reshape(count, 2, 2, 1),
        np.zeros(count, "int64"),
        ["a", "b"],
    )


def labelled(labels, classes=("x", "y")):
    return LabelledText(
        ["a", "b"][: max(1, len(labels))] * bool(len(labels)), labels, list(classes)
    )


NONE = Text([])
NO_LABELS = np.zeros(0, "int64")


@pytest.mark.parametrize(
    ("cls", "sentence"),
    [
        (variant(name=""), "needs the class attribute `name"),
        (variant(name="two words"), "letters, digits"),
        (variant(__doc__=None), "Give Haiku a docstring"),
        (variant(load=lambda self, files: 1 / 0), r"Haiku\.load\(\) failed: .*ZeroDivisionError"),
        (variant(load=lambda self, files: [1, 2, 3]), "load must return deepzoo.Splits"),
        (loading(NONE, NONE, NONE), "0 training examples"),
        (loading(ready(3), ready(0), ready(0)), "expected Text"),
        (loading(Text(["a", "b"]), Text(["c"]), Text([" A"])), "1 of 1 test examples are in the"),
        (loading(Text(["a", "b"]), Text(["b"]), NONE), r"1 of 1 validation.*split_documents"),
        (loading(Text(["a", ""]), NONE, NONE), r"train: `documents\[1\]` must be text"),
        (loading(Text(["a", 7]), NONE, NONE), r"`documents\[1\]` must be text.*received: 7"),
        (
            loading(
                LabelledText(["a", "b"], np.array([0, 2]), ["x", "y"]),
                *[LabelledText([], np.zeros(0, "int64"), ["x", "y"])] * 2,
                kind=LabelledText,
            ),
            r"label \[2\] is not one of 0 to 1",
        ),
        (
            loading(*[labelled(np.array([0.0, 1.0]))] * 3, kind=LabelledText),
            r"labels` must be a NumPy array int64 \[N\]; received: float64",
        ),
        (
            loading(*[labelled(np.array([0, 1, 1]))] * 3, kind=LabelledText),
            "`labels` has 3 entries for 2 examples",
        ),
        (
            loading(*[dataclasses.replace(ready(2), pixels=np.zeros((2, 4)))] * 3, kind=Images),
            r"have shape \(2, 4\), expected \[N, height, width\] or",
        ),
        (
            loading(
                labelled(np.array([0, 1])), *[labelled(NO_LABELS, ["x"])] * 2, kind=LabelledText
            ),
            "give train, validation and test the same classes",
        ),
        (
            loading(*[TextPairs(["one", "two"], ["eins", " "])] * 3, kind=TextPairs),
            r"`targets\[1\]` must be text",
        ),
        (
            loading(*[Baskets(["milk"], np.array([0, 1]), np.array([1]))] * 3, kind=Baskets),
            "below the number of items, 1",
        ),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(cls, sentence):
    with pytest.raises(AssertionError) as error:
        check_dataset(cls)
    assert re.search(sentence, str(error.value).splitlines()[0])


def test_all_faults_are_listed_and_not_only_the_first():
    cls = loading(Text(["a", "b"]), Text(["b"]), Text(["c", " "]))
    cls = variant(cls, __doc__=None, files={"lines": File(("/etc/passwd",))}, sample=cls.load)
    cls.sample = lambda self: cls.load(self, {})

    with pytest.raises(AssertionError) as error:
        check_dataset(cls)

    expected = ["must be relative", "a docstring", r"documents\[1\]", "1 of 1 validation"]
    for fault, sentence in zip(str(error.value).splitlines(), expected, strict=True):
        assert re.search(sentence, fault)


@pytest.mark.parametrize("generator", ["random", "numpy"])
def test_data_that_depend_on_chance_are_found(generator):
    def load(self, files):
        import random

        lines = list(LINES[:40])
        (random if generator == "random" else np.random).shuffle(lines)
        return Splits(Text(lines), Text(LINES[40:50]), Text(LINES[50:60]))

    with pytest.raises(AssertionError, match=r"other data the second time.*default_rng\(0\)"):
        check_dataset(variant(load=load))


def test_the_global_generators_are_left_as_they_were():
    before = np.random.get_state()[1].copy()

    check_dataset(Haiku)

    assert np.array_equal(before, np.random.get_state()[1])


HASH = "0" * 64


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (File(("../up.txt",)), "must be relative"),
        (File(("/etc/passwd",)), "must be relative"),
        (File(("a.txt",), ("http://example.org/a",), HASH, 1), "https address"),
        (File(("a.txt",), ("https://example.org/a",), "abc", 1), "64 hexadecimal digits"),
        (File(("a.txt",), ("https://example.org/a",), HASH), "size in bytes"),
        (File(()), "at least one path"),
    ],
)
def test_files_are_declared_so_that_they_can_be_trusted(file, sentence):
    with pytest.raises(AssertionError, match=sentence):
        check_dataset(variant(files={"lines": file}))


def test_the_sample_stands_in_for_files_that_are_not_there():
    file = File(("a.txt",), ("https://example.org/a",), HASH, 1)
    cls = variant(
        files={"lines": file},
        load=lambda self, files: pytest.fail("it must not be loaded"),
        sample=lambda self: Haiku().load({}),
    )

    assert check_dataset(cls)


@pytest.mark.parametrize(
    ("annotation", "default", "sentence"),
    [
        (Annotated[int, Ge(1)], setting(0, "lines"), "must be a whole number, at least 1"),
        (int, 3, "Say what Lines.lines does"),
        (dict, setting(frozenset(), "lines"), "Validating the settings of Lines failed"),
    ],
    ids=["default", "help", "type"],
)
def test_settings_need_help_and_a_default_that_they_allow(annotation, default, sentence):
    fields = {"lines": default, "__annotations__": {"lines": annotation}}
    cls = type("Lines", (Haiku,), {"__doc__": "Lines.", **fields})

    with pytest.raises(AssertionError, match=sentence):
        check_dataset(cls)


def test_a_kind_of_ones_own_with_objects_in_its_arrays():
    class Things(Kind):
        name = "things"
        items: np.ndarray

    things = Things(np.array([{}, {}], dtype=object))
    with pytest.raises(AssertionError, match="Python objects"):
        check_dataset(loading(things, things, things, kind=Things))


def test_nothing_is_registered_or_written_by_the_checks(home):
    before = len(plugins.load_plugins().found), os.environ["DEEPZOO_HOME"]

    check_dataset(Haiku)

    assert (len(plugins.load_plugins().found), os.environ["DEEPZOO_HOME"]) == before
    assert not home.exists() or not list(home.rglob("*.json"))
