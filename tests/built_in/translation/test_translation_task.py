"""The task: scores, answers to users, and warnings about unknown words."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys

import numpy as np
import pytest
from deepzoo_translation.baselines import NearestSentence, copy_source
from deepzoo_translation.inference import translate
from deepzoo_translation.models import CharSeq2Seq
from deepzoo_translation.plots import attention, lengths
from deepzoo_translation.prepare import prepare
from deepzoo_translation.scoring import chrf_scores
from deepzoo_translation.task import Translation
from translation_cases import SEQ2SEQ, TRANSFORMER, Toy, train

from deepzoo import api
from deepzoo.cli import main
from deepzoo.errors import CheckpointError, DataError, UsageError
from deepzoo.testing import check_model, check_task

pytest.importorskip("keras")


QUICK = {**TRANSFORMER, "dropout": 0.0, "width": 32, "batch_size": 3}


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Trains both networks on a file; gives the folders of their runs."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("DEEPZOO_HOME", str(tmp_path_factory.mktemp("home")))
        patched.setattr(Translation, "baselines", ())
        folder = tmp_path_factory.mktemp("pairs")
        return {
            "char-seq2seq": train(folder, "char-seq2seq", SEQ2SEQ).path,
            "transformer-small": train(folder, "transformer-small", QUICK, 500, epochs=12).path,
        }


@pytest.fixture
def run(folders):
    """Opens the Transformer as a fresh process would."""
    return api.load(str(folders["transformer-small"]))


def test_the_task_keeps_its_promises():
    checked = check_task(
        Translation,
        dataset=Toy,
        model=CharSeq2Seq,
        epochs=1,
        evaluate_sentences=10,
        **SEQ2SEQ,
    )
    assert any("copy-source, nearest-sentence" in line for line in checked)


def test_the_default_learns_words_and_their_order(run):
    assert run.metrics["chrf"] > 55
    assert set(run.metrics) == {"chrf", "bleu", "exact", "chrf_training"}
    assert run.results["counts"]["chrf"] == 20
    assert {"token_accuracy", "val_token_accuracy"} <= set(run.history[0])


def test_a_stored_run_translates_as_before(run, folders):
    sentences = ["The old dog sees my house.", "A cat wants the river today."]
    together = run.predict(*sentences)
    assert [set(answer) for answer in together] == [{"translation", "score"}] * 2
    again = api.load(str(folders["transformer-small"]))
    assert [again.predict(sentence)["translation"] for sentence in sentences] == [
        answer["translation"] for answer in together
    ]
    answer = run.predict(sentences[0], beam=4)
    assert answer["translation"].endswith(".")
    assert answer["score"] <= 0


@pytest.mark.parametrize("beam", [1, 4])
def test_a_process_without_keras_translates_as_keras_does(run, folders, beam):
    sentences = ["The old dog sees my house.", "A cat wants the river today."]
    command = (
        "import sys; "
        "sys.modules.update(dict.fromkeys(('keras', 'tensorflow', 'sklearn'))); "
        "from deepzoo.cli import main; "
        "sys.exit(main(sys.argv[1:]))"
    )
    words = ["predict", str(folders["transformer-small"]), *sentences, "--json", f"--beam={beam}"]
    done = subprocess.run([sys.executable, "-c", command, *words], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    answers = [row["output"] for row in json.loads(done.stdout)]
    expected = translate(run.network, run.preprocessor, sentences, beam)
    for answer, (translation, score) in zip(answers, expected, strict=True):
        assert answer["translation"] == translation
        assert answer["score"] == pytest.approx(score, abs=1e-4)


@pytest.mark.parametrize("model", ["char-seq2seq", "transformer-small"])
def test_sentences_are_translated_on_the_command_line(folders, model, capsys, tmp_path):
    path = tmp_path / "sentence.txt"
    path.write_text("The old dog sees my house.\nMy cat sees it.\n", encoding="utf-8")
    words = ["predict", str(folders[model]), str(path), "A cat wants the river today.", "--json"]
    assert main([*words, "--beam", "2"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["input"] for row in rows] == [
        "The old dog sees my house.",
        "My cat sees it.",
        "A cat wants the river today.",
    ]
    assert all(isinstance(row["output"]["translation"], str) for row in rows)


def test_line_ends_and_blanks_of_an_input_do_not_matter(run):
    answers = run.predict("The dog sees a cat.", " The dog\n sees  a cat.\n")
    assert answers[0]["translation"] == answers[1]["translation"]


def test_what_was_never_seen_is_named(run, folders, caplog):
    with caplog.at_level(logging.WARNING, logger="deepzoo"):
        run.predict("The żebra sees 7 dogs.", "A dog.", "8 żebras.")
    expected = "Unknown characters in 'The żebra sees 7 dogs.' and 1 more: 'ż', '7', '8'."
    assert caplog.messages == [expected]
    caplog.clear()
    other = api.load(str(folders["char-seq2seq"]))
    with caplog.at_level(logging.WARNING, logger="deepzoo"):
        other.predict("The dog sees a cat. " * 4)
    assert ": 79 characters; only the first " in caplog.text
    assert "are translated" in caplog.text
    assert "Unknown" not in caplog.text


def test_nothing_to_translate_is_refused(run, folders, capsys):
    with pytest.raises(UsageError, match="at least one sentence"):
        run.predict()
    with pytest.raises(UsageError, match="Sentence 2 is empty"):
        run.predict("A dog.", " \n")
    assert main(["predict", str(folders["char-seq2seq"]), " "]) == 2
    assert "Sentence 1 is empty" in capsys.readouterr().err


def test_as_many_training_sentences_as_unseen_ones_are_scored():
    splits = Toy().load({})
    held_out = prepare(splits, CharSeq2Seq(), 7).test
    assert len(held_out.sources) == len(held_out.seen.sources) == 7
    assert set(held_out.sources) <= set(splits.test.sources)
    assert set(held_out.seen.sources) <= set(splits.train.sources)
    everything = prepare(splits, CharSeq2Seq(), 1000).test
    assert list(everything.sources) == splits.test.sources


def test_pairs_that_are_too_long_are_left_out_and_counted(caplog):
    splits = Toy().load({})
    with caplog.at_level(logging.WARNING, logger="deepzoo"):
        prepared = prepare(splits, CharSeq2Seq(longest=35), 5)
    kept = len(prepared.train)
    assert 0 < kept < len(splits.train)
    assert f"{len(splits.train) - kept} of {len(splits.train)} training pairs" in caplog.text
    with pytest.raises(DataError, match="more than 3 characters"):
        prepare(splits, CharSeq2Seq(longest=3), 5)


def test_a_network_is_scored_by_what_it_writes():
    splits = Toy().load({})
    prepared = prepare(splits, NearestSentence(), 1000)
    network = NearestSentence(longest_ngram=4).build({})
    network.fit_arrays(*prepared.train.whole()[:2])
    scores = Translation().evaluate(network, prepared.test, prepared)
    outputs = network.predict(splits.test.sources)
    assert scores["chrf"].values == pytest.approx(chrf_scores(outputs, splits.test.targets).values)
    assert scores["chrf_training"].values.mean() > 99
    assert scores["exact"].values.mean() == np.mean(
        [out == true for out, true in zip(outputs, splits.test.targets, strict=True)]
    )


@pytest.mark.parametrize("name", ["copy-source", "nearest-sentence"])
def test_a_baseline_keeps_its_promises(name, monkeypatch):
    monkeypatch.setattr(Translation, "baselines", ())
    check_model(name, dataset=Toy)


def test_the_nearest_sentence_is_looked_up_and_stored():
    network = NearestSentence(longest_ngram=3).build({})
    network.fit_arrays(["I see a dog.", "You eat\nbread.", "ÿ"], ["Ik zie een hond.", "Brood.", ""])
    assert network.predict(["You eat cake.", "I saw dogs."]) == [
        "Brood.",
        "Ik zie een hond.",
    ]
    again = NearestSentence(longest_ngram=3).build({})
    again.load_arrays(network.arrays())
    assert again.predict(["You eat."]) == ["Brood."]
    with pytest.raises(CheckpointError, match="targets"):
        again.load_arrays({"sources": np.zeros(3, np.uint8)})
    assert translate(copy_source().build({}), {}, ["Ja."]) == [("Ja.", None)]
    assert translate(network, {}, ["You eat!"]) == [("Brood.", None)]


def test_pairs_in_memory_are_trained_on(monkeypatch):
    monkeypatch.setattr(Translation, "baselines", ())
    splits = Toy().load({})
    settings = {**SEQ2SEQ, "level": "words", "evaluate_sentences": 5, "beam": 2}
    data = (splits.train.sources, splits.train.targets)
    run = api.train(data=data, model="char-seq2seq", epochs=1, settings=settings)
    assert 0 <= run.metrics["chrf"] <= 100
    assert run.dataset == "text-pairs"


def drawn(figure) -> list[str]:
    """Draws a figure, in which a warning is an error; returns the words along its axes."""
    figure.savefig(io.BytesIO(), format="png", dpi=50)
    axes = figure.axes[0]
    return [label.get_text() for label in (*axes.get_xticklabels(), *axes.get_yticklabels())]


def test_attention_shows_what_was_read_and_written(run, folders):
    figure = attention(run, "The old $ dog \u4e2d.")
    axes = figure.axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("source token", "output token")
    assert figure.axes[1].get_ylabel() == "attention weight"
    words = drawn(figure)
    assert words[0] == "The"
    assert {"(end)", "(unknown)"} <= set(words)
    assert len(drawn(run.plot("attention"))) > 5
    with pytest.raises(UsageError, match="no attention"):
        attention(api.load(str(folders["char-seq2seq"])), "The dog.")
    with pytest.raises(UsageError, match="takes 1 INPUT, received 2"):
        run.plot("attention", "The", "dog.")
    with pytest.raises(UsageError, match="empty"):
        attention(run, " ")


def test_length_is_drawn_for_unseen_and_for_training_sentences(run):
    figure = lengths(run)
    drawn(figure)
    legend = figure.axes[0].get_legend().get_texts()
    assert [text.get_text() for text in legend] == ["training sentences", "test sentences"]
    with pytest.raises(UsageError, match="takes no INPUT"):
        run.plot("lengths", "The dog.")


def test_runs_of_other_tokens_are_compared_by_bits_per_character(folders):
    for folder in folders.values():
        run = api.load(str(folder))
        nats = run.history[-1]["val_loss"] / run.spec["characters_per_token"]
        bits = nats / np.log(2) + run.spec["unknown_bits"]
        assert run.history[-1]["val_bits_per_character"] == pytest.approx(bits)
        assert run.results["validation"]["bits_per_character"] <= bits + 1e-9
        assert (run.spec["characters_per_token"] == 1) == (run.model == "char-seq2seq")


def test_a_beam_out_of_range_is_refused(run):
    for beam in (0, 33):
        with pytest.raises(
            UsageError, match=f"beam must be a whole number from 1 to 32; received {beam}"
        ):
            run.predict("The dog.", beam=beam)
    with pytest.raises(UsageError, match="sentence must be text; received the list"):
        run.predict(["The dog."])


def test_a_run_keeps_its_own_beam_width(run):
    assert run.network.beam == 1
    run.network.beam = 3
    try:
        assert run.predict("The old dog sees a cat.") == run.predict(
            "The old dog sees a cat.", beam=3
        )
    finally:
        run.network.beam = 1
