"""The user's own labelled texts: tables, folders, lists, and what is wrong with them."""

from __future__ import annotations

import json

import numpy as np
import pytest
from deepzoo_text_classification.own_labelled_text import UserLabelledText

from deepzoo import LabelledText, Splits
from deepzoo.data.in_memory import given_data
from deepzoo.data.load import load_data
from deepzoo.errors import DataError, UsageError
from deepzoo.testing import check_dataset

ROWS = [
    (f"win money now {n}" if n % 3 else f"lunch at noon {n}", "spam" if n % 3 else "ham")
    for n in range(60)
]
HEAD = [("body", "topic")]


def table(path, rows, separator=","):
    path.write_text("".join(f"{separator.join(row)}\n" for row in rows), encoding="utf-8")
    return path


def load(path, options=None, **chosen):
    kind = LabelledText.options(**(options or {}))
    return load_data(UserLabelledText(**chosen), kind, path=path)


def refused(path, options=None, **chosen):
    with pytest.raises((DataError, UsageError)) as caught:
        load(path, options, **chosen)
    return f"{caught.value} {caught.value.hint}"


def classes(loaded):
    return list(loaded.splits.train.classes)


@pytest.mark.parametrize("head", [[], HEAD])
@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_of_two_columns_the_one_of_more_variety_is_the_text(tmp_path, head, turned, separator):
    rows = [row[::-1] if turned else row for row in [*head, *ROWS]]
    loaded = load(table(tmp_path / "own.csv", rows, separator))
    plain = load(table(tmp_path / "plain.csv", ROWS))
    assert loaded.fingerprint == plain.fingerprint
    assert classes(loaded) == ["ham", "spam"]
    assert any("labels in column" in note for note in loaded.notes)


@pytest.mark.parametrize(
    "chosen",
    [
        {"text_column": "body", "label_column": "topic"},
        {"text_column": "3", "label_column": "4"},
    ],
)
def test_columns_are_named_or_counted(tmp_path, chosen):
    head = [("id", "day", *HEAD[0])] if chosen["text_column"] == "body" else []
    rows = [*head, *((str(n), "Monday", *row) for n, row in enumerate(ROWS))]
    loaded = load(table(tmp_path / "own.csv", rows), **chosen)
    assert loaded.fingerprint == load(table(tmp_path / "plain.csv", ROWS)).fingerprint


def test_of_many_columns_text_and_label_are_taken_and_else_all_are_named(tmp_path):
    rows = [(str(n), *row) for n, row in enumerate(ROWS)]
    assert len(classes(load(table(tmp_path / "a.csv", [("id", "Text", "label"), *rows])))) == 2
    text = refused(table(tmp_path / "b.csv", [("id", "body", "topic"), *rows]))
    assert "has 3 columns: 'id', 'body', 'topic'; expected a text and a label" in text
    assert "--set text_column=body --set label_column=topic" in text
    text = refused(tmp_path / "b.csv", text_column="body")
    assert "--set text_column=body --set label_column=topic" in text


def test_json_lines_have_names(tmp_path):
    path = tmp_path / "own.jsonl"
    path.write_text("".join(json.dumps({"topic": b, "body": a}) + "\n" for a, b in ROWS))
    assert load(path).fingerprint == load(table(tmp_path / "plain.csv", ROWS)).fingerprint


@pytest.mark.parametrize("bad", [("", "ham"), ("a text", ""), ("", "")])
def test_rows_without_text_or_label_are_named_or_left_out(tmp_path, bad):
    path = table(tmp_path / "own.csv", [*HEAD, *ROWS[:30], bad, *ROWS[30:]])
    text = refused(path)
    assert "own.csv, line 32: the " in text
    assert " empty" in text
    assert "skip_bad=true" in text
    notes = " ".join(load(path, {"skip_bad": True}).notes)
    assert "1 bad row left out, the first at line 32" in notes


def test_labels_that_differ_in_blanks_or_capitals_are_one_class(tmp_path):
    spellings = {0: " Spam ", 1: "SPAM", 2: "junk  mail", 3: "junk mail"}
    rows = [(text, spellings.get(n, label)) for n, (text, label) in enumerate(ROWS)]
    loaded = load(table(tmp_path / "own.csv", rows))
    assert classes(loaded) == ["ham", "junk mail", "spam"]
    assert any(
        "3 labels that differ from others in blanks or capitals alone" in note
        for note in loaded.notes
    )


def test_numeric_labels_are_sorted_as_numbers(tmp_path):
    rows = [(text, str(n % 3 * 5)) for n, (text, _) in enumerate(ROWS)]
    assert classes(load(table(tmp_path / "own.csv", rows))) == ["0", "5", "10"]


@pytest.mark.parametrize("label", ["A{}", "{}", "{}.5"])
def test_a_column_of_as_many_labels_as_rows_is_refused(tmp_path, label):
    rows = [(text, label.format(n)) for n, (text, _) in enumerate(ROWS)]
    text = refused(table(tmp_path / "own.csv", [*HEAD, *rows]))
    assert "column 'topic' has 60 different labels in 60 rows" in text
    assert "It may be the text, or an id" in text


def test_one_class_is_refused_unless_it_is_allowed(tmp_path):
    path = table(tmp_path / "own.csv", [(text, "ham") for text, _ in ROWS])
    assert "training texts have the class 'ham'" in refused(path)
    assert classes(load(path, {"allow_single_class": True})) == ["ham"]


def test_a_class_of_the_test_split_that_training_lacks_is_refused(tmp_path):
    table(tmp_path / "train.csv", ROWS[:50])
    table(tmp_path / "test.csv", [*ROWS[50:], ("scrambled on toast", "eggs")])
    text = refused(tmp_path)
    assert "The test split has 1 text of the class 'eggs', and the training split none" in text


def test_html_is_told_and_long_texts_are_read(tmp_path):
    rows = [(f"<p>{text}</p>" if n < 7 else text, label) for n, (text, label) in enumerate(ROWS)]
    rows[3] = (f"{rows[3][0]} {'word ' * 200_000}end", "spam")
    lines = tmp_path / "own.jsonl"
    lines.write_text("".join(json.dumps({"text": a, "label": b}) + "\n" for a, b in rows))
    for path in (lines, table(tmp_path / "own.csv", rows)):
        loaded = load(path)
        assert any(
            "7 of 60 texts have marks of HTML such as '<p>'" in note for note in loaded.notes
        )
        splits = loaded.splits
        texts = [*splits.train.texts, *splits.validation.texts, *splits.test.texts]
        assert max(map(len, texts)) > 1_000_000


def test_a_copy_stays_with_the_first_label_and_it_is_told(tmp_path):
    path = table(tmp_path / "own.csv", [*ROWS, (ROWS[0][0].upper(), "spam"), ROWS[1]])
    loaded = load(path)
    assert loaded.fingerprint == load(table(tmp_path / "plain.csv", ROWS)).fingerprint
    note = next(note for note in loaded.notes if "dropped" in note)
    assert "2 of 62 texts were dropped" in note
    assert "1 of them had another label" in note


def files(root, rows):
    for number, (text, label) in enumerate(rows):
        (root / label).mkdir(parents=True, exist_ok=True)
        (root / label / f"{number}.txt").write_text(text, encoding="utf-8")
    return root


def test_a_folder_a_class_is_the_same_as_a_table(tmp_path):
    root = files(tmp_path / "mail", ROWS)
    (root / "stray.txt").write_text("in no class", encoding="utf-8")
    loaded = load(root)
    assert loaded.fingerprint == load(table(tmp_path / "plain.csv", ROWS)).fingerprint
    assert "mail: 1 text in no class folder left out (stray.txt)." in loaded.notes
    check_dataset(UserLabelledText, data=root)


def test_folders_named_like_splits_are_the_splits_and_copies_leave_training(tmp_path):
    files(tmp_path / "train", ROWS[:40])
    files(tmp_path / "dev", ROWS[40:50])
    files(tmp_path / "test", ROWS[45:])
    loaded = load(tmp_path)
    splits = loaded.splits
    assert [len(splits.train), len(splits.validation), len(splits.test)] == [40, 5, 15]
    assert set(splits.train.labels[:10]) == {0, 1}
    assert any("5 of 10 validation texts were dropped" in note for note in loaded.notes)


def test_a_class_may_be_called_train(tmp_path):
    rows = [(text, {"ham": "plane", "spam": "train"}[label]) for text, label in ROWS]
    assert classes(load(files(tmp_path, rows))) == ["plane", "train"]


def test_a_file_without_text_and_a_folder_without_files_are_named(tmp_path):
    root = files(tmp_path / "mail", ROWS)
    (root / "ham" / "0.txt").write_text(" \n", encoding="utf-8")
    assert "0.txt has no text" in refused(root)
    loaded = load(root, {"skip_bad": True})
    assert any("1 bad file left out: ham" in note for note in loaded.notes)
    assert not any(str(tmp_path) in note for note in loaded.notes)
    (root / "none").mkdir()
    assert "none has 0 texts" in refused(root, {"skip_bad": True})


def given(data):
    return given_data(UserLabelledText(), LabelledText.options(), data, None)


def test_data_from_python_are_those_of_a_file(tmp_path):
    plain = load(table(tmp_path / "plain.csv", ROWS))
    texts, labels = zip(*ROWS, strict=True)
    for data in (ROWS, (list(texts), list(labels)), (list(texts), np.array(labels))):
        assert given(data).fingerprint == plain.fingerprint
    numbered = given((list(texts), [int(label == "spam") for label in labels]))
    assert classes(numbered) == ["0", "1"]


@pytest.mark.parametrize(
    ("labels", "texts", "says"),
    [
        ([0, 2, 1], ["a", "b", "c"], "Label 1 of train is 2, expected 0 to 1"),
        ([0, -1, 1], ["a", "b", "c"], "Label 1 of train is -1"),
        ([0, 1, 1], ["a", " ", "c"], "Text 1 of train is empty"),
        ([0.5, 1, 1], ["a", "b", "c"], "The labels of train are float64"),
    ],
)
def test_wrong_labels_and_empty_texts_from_python_are_named(labels, texts, says):
    train = LabelledText(texts, np.array(labels), ("x", "y"))
    empty = LabelledText([], np.zeros(0, np.int64), ("x", "y"))
    with pytest.raises(DataError, match=says):
        given(Splits(train, empty, empty))
