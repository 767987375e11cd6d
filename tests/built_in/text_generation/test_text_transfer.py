"""Starting from a run with another vocabulary: tokens are matched by their text."""

from __future__ import annotations

import numpy as np
import pytest
from deepzoo_text_generation.numpy_networks import HashedEmbedding
from deepzoo_text_generation.task import TextGeneration
from deepzoo_text_generation.vocabulary import Vocabulary
from text_cases import QUICK

from deepzoo import api
from deepzoo.errors import CheckpointError, UsageError

SMALL = {**QUICK, "orders": (2, 3), "buckets": 50}


def texts(letters, seed=0):
    """Makes texts of these letters; a space stands between their words."""
    rng = np.random.default_rng(seed)
    return ["".join(rng.choice(list(letters + "  "), 30)) for _ in range(60)]


FIRST, SECOND = texts("abcdef"), texts("abcdefghij", 1)

pytestmark = pytest.mark.usefixtures("no_baselines")


def train(data, **options):
    return api.train("text", data=data, epochs=1, **options)


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """Trains a network on a few letters, which tests must not change."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("DEEPZOO_HOME", str(tmp_path_factory.mktemp("first")))
        patched.setattr(TextGeneration, "baselines", ())
        return train(FIRST, settings=SMALL)


@pytest.mark.parametrize("model", ["char-best", "char-lstm", "numpy-rnn"])
def test_rows_and_columns_of_known_tokens_are_taken_over(model):
    settings = (
        SMALL if model == "char-best" else {k: SMALL[k] for k in ("sequence_length", "units")}
    )
    run = train(FIRST, model=model, settings=settings)
    plan = train(SECOND, from_run=run, dry_run=True)
    line = "; ".join(plan["notes"])
    assert "8 of 12 tokens were matched, 4 begin fresh, 0 are gone" in line
    recipe = run.recipe("model")
    before, after = (Vocabulary.fit(lines, learn_end=recipe.learn_end) for lines in (FIRST, SECOND))
    spec = {"vocabulary": len(after), "seed": 1, "batch_size": 1, "codes": after.codes}
    fresh, trained = recipe.build(spec).arrays(), run.arrays()
    arrays, _ = recipe.transfer(trained, fresh, before.as_json(), after.as_json())
    first, *others, kernel, bias = sorted(arrays)
    for letter in "abd":
        now, then = after.numbers[letter], before.numbers[letter]
        np.testing.assert_array_equal(arrays[first][now], trained[first][then])
        np.testing.assert_array_equal(arrays[kernel][:, now], trained[kernel][:, then])
        assert arrays[bias][now] == trained[bias][then]
    j = after.numbers["j"]
    np.testing.assert_array_equal(arrays[first][j], fresh[first][j])
    for key in others:
        np.testing.assert_array_equal(arrays[key], trained[key])


def test_an_ngram_has_the_same_row_in_every_vocabulary():
    rng = np.random.default_rng(0)
    tables = [rng.normal(size=(50, 3)) for _ in range(2)]
    rows = []
    for lines in (FIRST, SECOND):
        vocabulary = Vocabulary.fit(lines, learn_end=True)
        single = np.zeros((len(vocabulary), 3))
        embed = HashedEmbedding([single, *tables], (2, 3), vocabulary.codes)
        a, b, d = vocabulary.encode("abd")
        rows.append(embed(np.array([d]), np.array([[a, b]])))
    np.testing.assert_array_equal(*rows)


def test_the_architecture_is_that_of_the_run_and_a_contradiction_is_named(first):
    run = train(SECOND, from_run=first)
    assert run.settings["model.units"] == first.settings["model.units"]
    assert run.record["from_run"] == first.id
    with pytest.raises(CheckpointError, match="do not fit this network: units 12 -> 8"):
        train(SECOND, from_run=first, units=8)


def test_it_helps(first):
    assert (
        train(SECOND, from_run=first).history[0]["loss"]
        < train(SECOND, settings=SMALL).history[0]["loss"]
    )


def test_words_and_characters_do_not_go_together(first):
    with pytest.raises(CheckpointError, match=r"reads characters, and the new network words"):
        train(SECOND, from_run=first, model="word-gru", settings=QUICK)
    with pytest.raises(UsageError, match="is of the task 'text-generation'"):
        api.train("addition", from_run=first)


def test_an_unknown_alphabet_begins_anew_and_says_so(first):
    plan = train(texts("абвгд"), from_run=first, dry_run=True)
    assert "it knows only 0 of" in plan["notes"][-1]
    assert "all begin anew" in plan["notes"][-1]
    assert plan["settings"]["model.batch_size"] == 4  # as from scratch


def test_own_text_in_an_unknown_alphabet_is_trained_from_scratch():
    events = []
    plan = api.train("text", data=texts("абвгд"), dry_run=True, on_event=events.append)
    (event,) = events
    assert event.text.startswith("Starts from scratch and not from tweets@shipped")
    settings = plan["settings"]
    assert (settings["model.units"], settings["model.epochs"]) == (192, 15)
    assert not any("tweets@shipped" in note for note in plan["notes"])


def test_a_run_that_hashed_numbers_of_tokens_gives_no_ngrams(first):
    recipe, before, after = (
        first.recipe("model"),
        dict(first.preprocessor),
        Vocabulary.fit(SECOND, learn_end=True),
    )
    del before["code_points"]
    fresh = recipe.build({"vocabulary": len(after), "seed": 1, "batch_size": 1}).arrays()
    arrays, line = recipe.transfer(first.arrays(), fresh, before, after.as_json())
    assert line.endswith("n-grams begin fresh.")
    tables = sorted(key for key in arrays if key.endswith("table"))[1:]
    assert all((arrays[key] == fresh[key]).all() for key in tables)


def test_own_text_starts_from_the_run_that_came_with_the_package_unless_told_otherwise():
    def notes(**options):
        events = []
        plan = api.train("text", data=FIRST, dry_run=True, on_event=events.append, **options)
        return plan["notes"] + [event.text for event in events]

    assert any(note.startswith("Starts from tweets@shipped: ") for note in notes())
    assert not any("tweets@shipped" in note for note in notes(from_run="none"))
    assert not any("tweets@shipped" in note for note in notes(model="char-rnn"))
    why = "Starts from scratch and not from tweets@shipped, because of units."
    assert why in notes(units=12)


def test_damaged_weights_of_the_package_are_named_and_the_training_starts_from_scratch(monkeypatch):
    def damaged(*arguments):
        raise CheckpointError("The installation is damaged: a file is not the one shipped.")

    monkeypatch.setattr("deepzoo.runs.resolve.open_shipped", damaged)
    events = []
    plan = api.train("text", data=FIRST, dry_run=True, on_event=events.append)
    assert [event.level for event in events] == ["warning"]
    assert "installation is damaged" in events[0].text
    assert not any("tweets@shipped" in note for note in plan["notes"])
    with pytest.raises(CheckpointError, match="installation is damaged"):
        train(FIRST, from_run="tweets@shipped")


def test_settings_fit_the_amount_of_text_unless_they_are_chosen():
    def plan(**options):
        return api.train("text", data=FIRST, dry_run=True, **options)

    fine = plan()
    assert fine["settings"]["model.epochs"] == 2
    assert any(
        note.startswith("Chosen for this amount of data: epochs=2.") for note in fine["notes"]
    )
    scratch = plan(from_run="none")["settings"]
    assert (scratch["model.orders"], scratch["model.batch_size"]) == ([], 4)
    chosen = plan(from_run="none", epochs=3, orders=(2,))["settings"]
    assert (chosen["model.epochs"], chosen["model.orders"]) == (3, [2])
    assert chosen["model.dropout"] == scratch["model.dropout"]
    plain = plan(from_run="none", model="char-rnn")
    assert not any("amount of data" in note for note in plain["notes"])
