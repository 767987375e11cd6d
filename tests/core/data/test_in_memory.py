"""Training on arrays and lists that are in memory already."""

from __future__ import annotations

import numpy as np
import pytest

import deepzoo
from deepzoo import api
from deepzoo.data.in_memory import dataset_for, given_data
from deepzoo.data.load import load_data
from deepzoo.errors import DataError, ResumeError, UsageError
from deepzoo.interfaces.kinds import Splits, Text, TextPairs
from deepzoo.plugins import registry
from deepzoo.workload import Workload


def clusters(count: int):
    """Loads the fake dataset."""
    from deepzoo_fake.datasets import Clusters

    return Clusters(points=count).load({})


@pytest.fixture
def points(fake):
    """Positions and labels of the fake dataset, as a user would have them."""
    splits = clusters(90)
    return splits.train.positions, splits.train.labels


def test_arrays_train_without_a_dataset(points):
    run = deepzoo.train(data=points, model="point-dense", epochs=2, batch_size=12)
    assert (run.status, run.dataset, run.data) == ("finished", "points", "local")
    given, classes = run.record["notes"]
    assert given == "Data given in Python."
    assert classes.startswith("3 classes: 0 (")
    assert run.preprocessor["classes"] == ["0", "1", "2"]
    assert set(run.predict("0,1.5")) <= {"0", "1", "2"}
    assert run.baselines["point-centroid"]["accuracy"] > 0.5


def test_the_parts_hang_on_the_content_and_have_all_classes(points):
    positions, labels = points
    made = [
        api.train(data=points, model="point-perceptron", dry_run=True)["examples"] for _ in range(2)
    ]
    assert made[0] == made[1]
    assert sum(made[0].values()) == len(positions)
    recipes = Workload.make("points", model="point-perceptron", assignments={}).recipes
    splits = given_data(recipes.dataset, recipes.kind, points, None).splits
    assert set(splits.train.labels) == set(labels)
    everything = np.concatenate(
        [part.positions for part in (splits.train, splits.validation, splits.test)]
    )
    assert sorted(map(tuple, everything)) == sorted(map(tuple, positions))


def test_a_task_is_enough(points):
    assert dataset_for(None, "sorting-points") == "points"
    with pytest.raises(UsageError, match="Which dataset"):
        deepzoo.train(data=points)


def test_the_kind_itself_and_whole_splits_are_data_too(fake):
    splits = clusters(60)
    first = deepzoo.train(data=splits.train, model="point-perceptron", epochs=1)
    assert first.preprocessor["classes"] == ["left", "right", "top"]
    second = deepzoo.train("clusters", data=splits, model="point-perceptron", epochs=1)
    whole = deepzoo.train("clusters", points=60, model="point-perceptron", epochs=1)
    assert second.metrics == whole.metrics
    assert second.record["fingerprint"] == whole.record["fingerprint"]
    assert (second.data, whole.data) == ("local", "full")


def test_settings_of_the_kind_and_limits_apply(points):
    plan = {"model": "point-perceptron", "epochs": 1}
    run = deepzoo.train(data=points, limit=30, **plan)
    assert run.record["steps"] == 1
    assert run.record["limit"] == 30
    mirrored = deepzoo.train(data=points, settings={"kind.mirrored": True}, **plan)
    plain = deepzoo.train(data=points, **plan)
    assert mirrored.preprocessor["mean"] == plain.preprocessor["mean"][::-1]


def test_the_wrong_number_of_parts_names_the_right_ones(points):
    with pytest.raises(UsageError, match=r"given as \(positions, labels, classes\); received 1"):
        deepzoo.train(data=points[0], model="point-perceptron")


def test_parts_of_different_length_are_refused(points):
    positions, labels = points
    with pytest.raises(UsageError, match="positions 72, labels 71"):
        deepzoo.train(data=(positions, labels[:-1]), model="point-perceptron")


def test_labels_may_be_words(points):
    positions, labels = points
    words = [("west", "east", "north")[label] for label in labels]
    run = deepzoo.train(data=(positions, words), model="point-perceptron", epochs=1)
    assert run.preprocessor["classes"] == ["east", "north", "west"]


def test_no_data_at_all_are_refused(points):
    with pytest.raises(DataError):
        deepzoo.train(data=(points[0][:0], points[1][:0]), model="point-perceptron")


def test_they_are_not_kept_and_that_is_said(points, monkeypatch):
    from training_cases import cut_after

    from deepzoo.errors import Interrupted

    with monkeypatch.context() as patched:
        cut_after(patched, 2)
        with pytest.raises(Interrupted):
            deepzoo.train(data=points, model="point-perceptron", batch_size=12)
    for command in (deepzoo.resume, deepzoo.evaluate):
        with pytest.raises((UsageError, ResumeError), match="given in Python"):
            command("points/point-perceptron-1")


def test_a_list_of_texts_trains_a_text_model():
    animals, things = ("cat", "dog", "cow", "hen"), ("mat", "hat", "bed", "log", "bus")
    texts = [f"the {animal} sat on the {thing}" for animal in animals for thing in things]
    small = {"epochs": 1, "units": 4, "embedding": 3, "batch_size": 2, "sequence_length": 8}
    plan = deepzoo.train(data=texts, model="char-rnn", dry_run=True, settings=small)
    assert (plan["dataset"], plan["task"], plan["data"]) == ("text", "text-generation", "local")
    run = deepzoo.train(data=texts, model="char-rnn", settings=small)
    assert run.status == "finished"
    assert run.metrics["bits_per_character"] > 0
    assert run.generate("the ", length=5, seed=1).startswith("the ")


def made(name, data, **settings):
    cls = registry.dataset(name)
    return given_data(cls(**settings), cls.kind.options(), data, None)


TEXTS = [f"The {number // 2}th poem of them all" for number in range(60)]
PAIRS = [(f"I see {number} dogs.", f"Ik zie {number} honden.") for number in range(40)]
SHOPPING = [["milk", "tea"], ["rye", "jam", "milk"], ["tea", "rye"], ["oil"]] * 10
BASKETS = "\n".join(map(",".join, SHOPPING))
SAME = {  # kind: what Python gives, the same as a file
    "text": (TEXTS, "own.csv", "text\n" + "\n".join(TEXTS), {}),
    "one long text": (["A line of text.\n" * 200], "own.txt", "A line of text.\n" * 200, {}),
    "text-pairs": (PAIRS, "own.tsv", "\n".join(map("\t".join, PAIRS)), {}),
    "sources, targets": (
        tuple(zip(*PAIRS, strict=True)),
        "own.tsv",
        "\n".join(map("\t".join, PAIRS)),
        {},
    ),
    "baskets": (SHOPPING, "own.csv", BASKETS, {}),
    "small baskets": (SHOPPING, "own.csv", BASKETS, {"least_items": 3}),
}
DATASETS = {"one long text": "text", "sources, targets": "text-pairs", "small baskets": "baskets"}


@pytest.mark.parametrize("case", SAME)
def test_data_given_in_python_are_split_and_checked_as_those_of_a_file(tmp_path, case):
    data, file, text, settings = SAME[case]
    name = DATASETS.get(case, case)
    (tmp_path / file).write_text(text, encoding="utf-8")
    from_file = load_data(registry.dataset(name)(**settings), path=tmp_path / file)
    given = made(name, data, **settings)
    assert given.fingerprint == from_file.fingerprint
    told = [note for note in from_file.notes if "own." not in note]
    assert given.notes == ["Data given in Python.", *told]
    assert len(given.splits.test) > 0


@pytest.mark.parametrize(
    ("name", "data", "error", "says"),
    [
        ("text", ["a", None] * 9, DataError, r"documents\[1\] is None"),
        ("text", ["a", float("nan")] * 9, DataError, r"documents\[1\] is nan \(float\)"),
        ("text", [b"a"] * 9, DataError, r"\(bytes\); expected a text"),
        ("baskets", ["milk,tea"] * 9, UsageError, "Basket 0 is milk,tea; expected a list"),
        ("baskets", [["milk", 5]] * 9, UsageError, "expected a list of names"),
    ],
)
def test_what_is_no_text_and_no_basket_is_named(name, data, error, says):
    with pytest.raises(error, match=says):
        made(name, data)


def test_given_splits_are_checked_as_those_of_a_folder():
    pairs = TextPairs(*map(list, zip(*PAIRS, strict=True)))
    splits = made("text-pairs", Splits(pairs, pairs.take([]), pairs.take(range(5)))).splits
    assert (len(splits.train), len(splits.test)) == (40, 0)
    text = Text(TEXTS)
    notes = made("text", Splits(text, text.take([]), text.take([1]))).notes
    assert notes[1:] == ["1 of 1 test documents are in the training split too."]


def test_copies_among_images_are_dropped_and_told():
    pixels = np.arange(60, dtype=np.uint8).reshape(60, 1, 1) + np.zeros((60, 8, 8), np.uint8)
    loaded = made("images", (np.concatenate([pixels, pixels[:6]]), np.arange(66) % 2))
    parts = (loaded.splits.train, loaded.splits.validation, loaded.splits.test)
    assert sum(map(len, parts)) == 60
    assert "6 of 66 images were dropped" in " ".join(loaded.notes)


PIXELS = np.zeros((60, 8, 8), np.uint8)
NUMBERS = np.arange(60) % 2


@pytest.mark.parametrize("dtype", ["uint8", "int8", "uint16", "int64", "bool"])
@pytest.mark.parametrize("shape", [(60,), (60, 1)])
def test_labels_of_any_integers_are_labels(dtype, shape):
    PIXELS[:, 0, 0] = np.arange(60)
    splits = made("images", (PIXELS, NUMBERS.astype(dtype).reshape(shape))).splits
    assert splits.train.labels.dtype == np.int64
    assert list(splits.train.classes) == ["0", "1"]


@pytest.mark.parametrize(
    ("labels", "says", "hint"),
    [
        (np.eye(2)[NUMBERS], r"\(60, 2\); they look one-hot", "labels.argmax(axis=1)"),
        (NUMBERS.astype(float), "are float64; expected integers", "labels.astype(int)"),
        (NUMBERS - 1, "go down to -1", "0, 1, 2"),
        ([None] * 60, "are object", "labels.astype(int)"),
    ],
)
def test_labels_that_are_none_are_refused_with_a_hint(labels, says, hint):
    with pytest.raises(UsageError, match=says) as caught:
        made("images", (PIXELS, labels))
    assert hint in caught.value.hint


def test_several_pairs_as_keras_loads_them_are_refused_with_a_hint():
    with pytest.raises(UsageError, match="received pairs of several splits") as caught:
        made("images", ((PIXELS, NUMBERS), (PIXELS, NUMBERS)))
    assert "data=data[0]" in caught.value.hint
