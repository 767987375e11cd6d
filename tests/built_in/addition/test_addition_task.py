"""The task of addition: scores, questions asked of a run, pictures, the command line."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
from addition_cases import FEW
from deepzoo_addition.datasets import Sums
from deepzoo_addition.models import ColumnGRU
from deepzoo_addition.scoring import right_characters
from deepzoo_addition.task import Addition

from deepzoo import Dataset, Published, Splits, api
from deepzoo.errors import DataError, UsageError
from deepzoo.interfaces.kinds import TextPairs
from deepzoo.testing import check_task

pytest.importorskip("keras")

QUICK = {**FEW, "units": 24, "learning_rate": 0.02}


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Trains a small column-gru; gives the folder, which tests must not change."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("DEEPZOO_HOME", str(tmp_path_factory.mktemp("sums")))
        settings = {**QUICK, "examples": 3000, "test_examples": 400, "batch_size": 64}
        return api.train("addition", epochs=12, name="quick", settings=settings).path


@pytest.fixture
def run(trained):
    """Opens the trained run as a fresh process would."""
    return api.load(str(trained))


def test_the_task_keeps_its_promises():
    checked = check_task(Addition, dataset=Sums(**FEW), model=ColumnGRU, epochs=2, units=12)
    assert any("nearest-sum, no-carry" in line for line in checked)


def test_characters_are_counted_with_the_blanks_around_them():
    exact, characters = right_characters(
        ["125", "12", "7", ""], ["125", "125", "7", "10"], np.array([2, 2, 1, 3])
    )
    assert exact.tolist() == [1, 0, 1, 0]
    assert characters == pytest.approx([1, 2 / 3, 1, 2 / 4])


def test_a_run_adds_and_says_how_it_does_by_length(run):
    assert run.metrics["exact_match"] > 0.8
    assert run.metrics["exact_match"] > max(row["exact_match"] for row in run.baselines.values())
    assert run.metrics["exact_match"] <= run.metrics["per_character"] <= 1
    assert "longer_exact_match" in run.metrics
    remark = run.results["notes"][0]
    assert remark.startswith("Right sums by digits (trained on up to 2): ")
    assert all(f"{digits}: " in remark for digits in (1, 2, 3, 4))
    assert run.data == "full"
    assert run.history[-1]["val_exact_match"] > run.history[0]["val_exact_match"]


def test_questions_are_answered_in_order_and_as_text(run):
    one = run.predict("5+6")
    assert one["question"] == "5+6"
    assert one["right"] == "11"
    assert one["correct"] == (one["answer"] == "11")
    several = run.predict("5 + 6", "12+34")
    assert several[0] == one
    assert [row["question"] for row in several] == ["5+6", "12+34"]


def test_longer_numbers_are_answered_with_a_warning(run, caplog):
    answer = run.predict("123456+7")
    assert answer["right"] == "123463"
    assert "has 6 digits; this network was trained on up to 2" in caplog.text


def test_numbers_are_read_as_they_are_meant(run):
    assert run.predict("007+5") == run.predict("7+5") == run.predict("\uff17 \uff0b \uff15")
    assert run.predict("00+0")["question"] == "0+0"


@pytest.mark.parametrize("question", ["57+", "abc", "", "1f+2", "5-3", "9" * 5000 + "+1"])
def test_what_cannot_be_answered_is_refused(run, question):
    with pytest.raises(UsageError):
        run.predict(question)
    with pytest.raises(UsageError, match="predict expects at least one question"):
        run.predict()


def test_the_picture_has_a_bar_for_each_length(run):
    figure = run.plot("digits")
    assert len(figure.axes[0].patches) == 4
    figure.savefig(io.BytesIO(), format="png", dpi=50)
    with pytest.raises(UsageError, match="takes no INPUT"):
        run.plot("digits", "1+1")


def test_a_file_of_questions_is_answered_line_by_line(trained, command, tmp_path):
    path = tmp_path / "questions.txt"
    path.write_text("1+2\n\n12 + 34\n", encoding="utf-8")
    done = command("predict", str(trained), str(path), "3+4", "--json")
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    assert [row["output"]["question"] for row in rows] == ["1+2", "12+34", "3+4"]
    assert "1 empty line left out, line 2" in done.stderr
    done = command("predict", str(trained), "57+", "--json")
    assert done.returncode == 2
    assert "Cannot read '57+'" in json.loads(done.stdout)["error"]["message"]


class Wrong(Dataset):
    """Pairs that are no sums, or no right ones."""

    name = "wrong"
    kind = TextPairs
    default_task = "addition"
    parts = (["1+1"] * 3, ["2"] * 3)

    def load(self, files):
        part = TextPairs(*self.parts)
        return Splits(part, part.take([0]), TextPairs(["1-1"], ["0"]))


def test_data_that_are_no_sums_are_refused():
    task, model = Addition(), ColumnGRU()
    with pytest.raises(DataError, match="Example 0 of test has -, which no training sum has"):
        task.prepare(Wrong().load({}), model)
    part = TextPairs(["hello"], ["hallo"])
    with pytest.raises(DataError, match="Example 0 is not a sum"):
        task.prepare(Splits(part, part, part), model)
    part = TextPairs(["1+1"] * 3, ["2"] * 3)
    for answer in ("3", "two", "\uff12"):
        wrong = Splits(part, TextPairs(["1+1"], [answer]), part)
        with pytest.raises(
            DataError, match=r"Example 0 of validation is not right in base 3: 1\+1"
        ):
            task.prepare(wrong, model)
    nothing = TextPairs([], [])
    with pytest.raises(DataError, match="no sum to learn from"):
        task.prepare(Splits(nothing, nothing, nothing), model)


def test_a_published_sum_is_answered_in_the_base_of_the_run(run):
    task = Addition()
    assert task.answer_as_published(Published("5+6", "?"), run) == run.predict("5+6")["answer"]
    assert task.answer_as_published(Published("5+6", "?", {"model.epochs": 0}), run) is None
