"""What goes into translation: folders and tables as a user has them, and data from Python."""

from __future__ import annotations

import numpy as np
import pytest
from deepzoo_translation.experiments import EXPERIMENTS
from deepzoo_translation.models import CharSeq2Seq, TransformerSmall
from deepzoo_translation.own_pairs import TextPairsFile
from deepzoo_translation.prepare import prepare
from deepzoo_translation.samples import sentence_pairs
from deepzoo_translation.splitting import split_pairs
from translation_cases import Toy, write_pairs

from deepzoo import api
from deepzoo.data.load import load_data
from deepzoo.errors import DataError, UsageError
from deepzoo.interfaces.kinds import TextPairs


def load(path, **chosen):
    return load_data(TextPairsFile(**chosen), TextPairs.options(), path=path).splits


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (["test.tsv"], "has test.tsv, and nothing to train on"),
        (["validation.tsv", "test.tsv"], "has validation.tsv, test.tsv, and nothing to train on"),
        (["train.tsv", "dev.tsv", "val.tsv"], "validation twice: dev.tsv, val.tsv"),
    ],
)
def test_folders_with_splits_that_contradict_are_refused(tmp_path, names, says):
    for number, name in enumerate(names):
        write_pairs(tmp_path / name, sentence_pairs(20, seed=number))
    with pytest.raises(DataError, match=says):
        load(tmp_path)


def test_no_given_source_is_in_two_splits_whatever_the_case_of_their_names(tmp_path):
    for name, seed in (("Train.tsv", 0), ("VALIDATION.TSV", 1), ("test.tsv", 1)):
        write_pairs(tmp_path / name, sentence_pairs(20, seed=seed))
    (tmp_path / ".hidden").mkdir()
    splits = load(tmp_path)
    assert len(splits.test) > 0
    assert not set(splits.validation.sources) & set(splits.test.sources)
    assert "validation: " in splits.notes[0]


def test_a_column_is_not_translated_into_itself(tmp_path):
    path = write_pairs(tmp_path / "pairs.tsv", sentence_pairs(20, seed=0))
    with pytest.raises(UsageError, match="are the same, '1'"):
        load(path, target_column="1")


def test_a_table_without_a_good_row_is_asked_about_its_tabs(tmp_path):
    path = tmp_path / "prose.txt"
    path.write_text("One, two.\nThree.\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"1 column.*separated by tabs") as caught:
        load(path)
    assert "--set source_column=1 --set target_column=2" in caught.value.hint


def test_training_pairs_are_in_a_drawn_order():
    pairs = TextPairs([f"{number:04d}" for number in range(200)], ["x"] * 200)
    train = split_pairs(pairs, 0).train.sources
    assert train != sorted(train)
    assert train == split_pairs(pairs, 0).train.sources != split_pairs(pairs, 1).train.sources


def held_out_alone(prepared):
    """What is measured on the validation split, for its scores alone."""
    return {name: prepared.spec[name] for name in ("characters_per_token", "unknown_bits")}


def test_only_training_sentences_make_the_vocabulary():
    splits = Toy().load({})
    odd = TextPairs(["Ωμέγα."], ["Ωμ."])
    for model in (CharSeq2Seq(), TransformerSmall(longest=31)):
        plain = prepare(splits, model, 5)
        other = prepare(type(splits)(splits.train, odd, odd), model, 5)
        assert other.preprocessor == plain.preprocessor
        assert {**other.spec, **held_out_alone(plain)} == plain.spec
        assert len(other.validation) == 1


def test_the_published_experiments_exist():
    assert [experiment.name for experiment in EXPERIMENTS] == ["translation", "translation-words"]
    for experiment in EXPERIMENTS:
        assert experiment.grid == {"dataset.splits": ("report", "held-out")}
    first, words = (experiment.settings for experiment in EXPERIMENTS)
    assert {key for key in first if first[key] != words[key]} == {"model.level"}


@pytest.mark.parametrize("odd", [None, 7, "", "  "])
def test_data_that_are_no_text_are_refused_before_training(odd):
    targets = [odd] * 60
    with pytest.raises(DataError, match=r"targets\[0\] is|the target \(column 2\) is empty"):
        api.train(data=(["A dog."] * 60, targets), task="translation")


def test_arrays_of_texts_are_data_too():
    part = TextPairs(np.array(["a cat"] * 9), np.array(["een kat"] * 9))
    prepared = prepare(type(Toy().load({}))(part, part, part), CharSeq2Seq(), 5)
    assert prepared.test.sources == ["a cat"] * 5
