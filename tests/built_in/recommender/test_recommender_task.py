"""The task of the recommender: scores, baskets asked of a run, pictures, the command line."""

from __future__ import annotations

import csv
import gzip
import io
import json

import numpy as np
import pytest
from basket_cases import as_baskets, rows_of
from deepzoo_recommender import plots
from deepzoo_recommender.baskets import Names, spelled
from deepzoo_recommender.datasets import Groceries
from deepzoo_recommender.models import BasketMLP
from deepzoo_recommender.prepare import prepare
from deepzoo_recommender.task import Recommender

from deepzoo import Published, Splits, api
from deepzoo.errors import DataError, UsageError
from deepzoo.testing import check_task

pytest.importorskip("keras")

QUICK = {"units": 16, "batch_size": 64, "learning_rate": 0.005}


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Trains on the sample; gives the folder, which tests must not change."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("DEEPZOO_HOME", str(tmp_path_factory.mktemp("baskets")))
        return api.train("groceries", sample=True, epochs=4, name="quick", settings=QUICK).path


@pytest.fixture
def run(trained):
    """Opens the trained run as a fresh process would."""
    return api.load(str(trained))


def test_the_task_keeps_its_promises():
    checked = check_task(Recommender, dataset=Groceries(), model=BasketMLP, epochs=2, units=8)
    assert any("popularity" in line for line in checked)


def test_it_recommends_more_than_what_is_popular(run):
    popular = run.baselines["popularity"]
    for metric in ("ndcg_10", "hit_rate_10", "auc"):
        assert run.metrics[metric] > popular[metric] + 0.02
    low = run.results["baseline_differences"]["popularity"]["ndcg_10"][1]
    assert low > 0
    assert run.metrics["coverage"] > popular["coverage"]
    assert run.history[-1]["val_ndcg_10"] > run.history[0]["val_ndcg_10"]
    assert " -> " in (run.path / "samples").glob("*").__next__().read_text()


def test_a_basket_gets_items_with_scores_and_reasons(run):
    items = run.preprocessor["items"]
    answer = run.predict(", ".join(items[:2]))
    names = [row["item"] for row in answer["recommended"]]
    scores = [row["score"] for row in answer["recommended"]]
    assert len(set(names)) == 10
    assert not set(names) & set(items[:2])
    assert scores == sorted(scores, reverse=True)
    assert 0 < sum(scores) <= 1
    assert {reason for row in answer["recommended"] for reason in row["because"]} <= set(items[:2])
    assert any(row["because"] for row in answer["recommended"])
    assert run.predict(items[:2]) == answer == run.predict(f" {items[1].upper()} ,,{items[0]}")
    assert len(run.predict(items[0], k=3)["recommended"]) == 3


def test_a_reason_is_what_the_score_falls_without(run):
    first, second = run.preprocessor["items"][:2]
    whole = {row["item"]: row["score"] for row in run.predict([first, second], k=99)["recommended"]}
    alone = {row["item"]: row["score"] for row in run.predict([first], k=99)["recommended"]}
    # What the second item got itself is shared out among the others.
    shared = {item: score / (1 - alone[second]) for item, score in alone.items()}
    for row in run.predict([first, second], k=99)["recommended"]:
        assert (second in row["because"]) == (whole[row["item"]] > shared[row["item"]])


def test_known_items_are_scored_from_the_others(run):
    items = run.preprocessor["items"]
    plain = run.predict(items[:3], k=99)["recommended"]
    kept = run.predict(items[:3], k=99, keep_known=True)["recommended"]
    assert {row["item"] for row in kept} - {row["item"] for row in plain} == set(items[:3])
    known = next(row for row in kept if row["item"] == items[0])
    rest = run.predict(items[1:3], k=99)["recommended"]
    expected = next(row["score"] for row in rest if row["item"] == items[0])
    assert known["score"] == pytest.approx(expected)
    assert items[0] not in known["because"]


def test_a_threshold_lists_all_above_it(run):
    everything = run.predict(run.preprocessor["items"][0], k=99)["recommended"]
    bound = everything[12]["score"]
    listed = run.predict(run.preprocessor["items"][0], threshold=bound)["recommended"]
    assert listed == everything[:13]
    assert run.predict(run.preprocessor["items"][0], threshold=2.0)["recommended"] == []


def test_capitals_and_accents_in_parts_do_not_matter_to_a_run(run):
    items = run.preprocessor["items"]
    assert run.predict([items[0].upper(), items[0]]) == run.predict([items[0]])
    assert Names(["Käse"]).number(spelled("KA\u0308SE")) == 0
    loud = as_baskets([name.upper() for name in items], [[0, 1], [2, 3]])
    prepared = prepare(Splits(loud, loud, loud), BasketMLP(), 0, 9, run.preprocessor)
    assert rows_of(prepared.test.baskets) == [items[:2], items[2:4]]


def test_unknown_items_are_named_and_left_out(run, caplog):
    name = run.preprocessor["items"][0]
    answer = run.predict(f"{name}, {name[:-1]}x, qqqq")
    assert answer.pop("unknown") == [f"{name[:-1]}x", "qqqq"]
    assert answer == run.predict(name)
    assert f"(did you mean '{name}'?)" in caplog.text
    popular = [row["item"] for row in run.predict("qqqq", k=3)["recommended"]]
    counts = run.preprocessor["counts"]
    frequent = {run.preprocessor["items"][item] for item in np.argsort(counts)[-8:]}
    assert set(popular) <= frequent
    assert "No item of basket 1 is known" in caplog.text


@pytest.mark.parametrize("basket", ["", " , ", [], 7, ["bread", 3], None])
def test_what_is_no_basket_is_refused(run, basket):
    with pytest.raises(UsageError, match=r"Basket 1|basket must be text or a list, each text"):
        run.predict(basket)
    with pytest.raises(UsageError, match="predict expects at least one basket"):
        run.predict()
    with pytest.raises(UsageError, match="k must be a whole number of 1 or more; received 0"):
        run.predict("bread", k=0)


def test_names_with_commas_are_quoted():
    from deepzoo_recommender.inference import look_up

    asked = ['"milk, fresh", bread', "Beer", "BEER", ["milk, fresh"]]
    found = look_up(asked, ["milk, fresh", "Beer", "beer", "bread"])
    assert [query.items for query in found] == [[0, 3], [1], [], [0]]
    assert found[2].unknown == ["BEER"]


@pytest.mark.parametrize(("name", "marks"), [("hit-rates", 4), ("map", 53), ("together", 25)])
def test_pictures_show_all_there_is(run, name, marks):
    figure = run.plot(name)
    axes = figure.axes[0]
    shown = {
        "hit-rates": lambda: len(axes.lines),
        "map": lambda: len(axes.collections[0].get_offsets()),
        "together": lambda: axes.images[0].get_array().shape[0],
    }
    assert shown[name]() == marks
    figure.savefig(io.BytesIO(), format="png", dpi=50)
    with pytest.raises(UsageError, match="takes no INPUT"):
        run.plot(name, "bread")


def test_a_file_of_baskets_becomes_a_table(trained, run, command, tmp_path):
    items = run.preprocessor["items"]
    path, out = tmp_path / "baskets.txt", tmp_path / "new" / "answers.csv"
    path.write_text(f"{items[0]}\n\n{items[1]}, {items[2]}\nqqqq\n", encoding="utf-8")
    done = command("predict", str(trained), str(path), "-k", "2", "--out", str(out), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["rows"] == 6
    with out.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == ["input", "item", "score", "because", "unknown"]
    assert [row["input"] for row in rows] == [
        name for name in (items[0], f"{items[1]}, {items[2]}", "qqqq") for _ in range(2)
    ]
    expected = run.predict(items[0], k=2)["recommended"]
    assert [row["item"] for row in rows[:2]] == [row["item"] for row in expected]
    # A product over a batch is rounded otherwise than one over a single basket.
    scores = [float(row["score"]) for row in rows[:2]]
    assert scores == pytest.approx([row["score"] for row in expected], rel=1e-5)
    assert rows[4]["unknown"] == "qqqq"
    done = command("predict", str(trained), items[0], "--out", str(tmp_path / "answers.xyz"))
    assert done.returncode == 2
    assert "expected .csv or .tsv" in done.stderr


def test_one_answer_loads_no_framework(trained, command, run):
    code = (
        "import sys, deepzoo; "
        f"print(deepzoo.load({str(trained)!r}).predict({run.preprocessor['items'][0]!r}, k=1)); "
        "sys.exit('keras' in sys.modules or 'scipy' in sys.modules)"
    )
    import subprocess
    import sys

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_published_baskets_get_lists_by_name(run):
    items = run.preprocessor["items"]
    published = Published(items[0], "?", {"keep_known": True, "threshold": 0.03})
    listed = Recommender().answer_as_published(published, run)
    found = run.predict(items[0], threshold=0.03, keep_known=True)["recommended"]
    assert listed == ", ".join(sorted(row["item"] for row in found))


def test_nothing_to_recommend_is_said(trained, command, run, tmp_path):
    done = command("predict", str(trained), run.preprocessor["items"][0], "--threshold", "2")
    assert done.returncode == 0
    assert done.stdout == "recommended  (none)\n"
    done = command("predict", str(trained), "a basket", "--out", str(tmp_path), "--json")
    assert done.returncode == 2
    assert "is a folder" in json.loads(done.stdout)["error"]["message"]


@pytest.mark.parametrize("options", [{"k": 2.5}, {"k": "3"}, {"threshold": float("nan")}])
def test_options_of_the_wrong_kind_are_refused(run, options):
    with pytest.raises(UsageError, match=r"must be a .*number"):
        run.predict(run.preprocessor["items"][0], **options)


def test_a_baseline_that_refuses_is_left_out_with_a_note(monkeypatch, tmp_path):
    from deepzoo_recommender.numpy_networks import EaseNetwork

    from deepzoo.errors import ResourceError

    def refuse(self, inputs, targets):
        raise ResourceError("ease needs more memory.")

    monkeypatch.setattr(EaseNetwork, "fit_arrays", refuse)
    monkeypatch.setenv("DEEPZOO_HOME", str(tmp_path))
    run = api.train("groceries", sample=True, model="item-cosine")
    assert set(run.baselines) == {"popularity"}
    assert run.results["notes"] == ["Baseline ease was skipped: ease needs more memory."]
    assert len(run.plot("hit-rates").axes[0].lines) == 2
    with pytest.raises(DataError, match="the same for every basket"):
        api.train("groceries", sample=True, model="popularity").plot("map")


def test_gzipped_baskets_are_read_and_tabs_separate_items(trained, command, run, tmp_path):
    items = run.preprocessor["items"]
    path = tmp_path / "baskets.tsv.gz"
    path.write_bytes(gzip.compress(f"{items[0]}\t{items[1]}\n".encode()))
    done = command("predict", str(trained), str(path), "--json")
    assert done.returncode == 0, done.stderr
    # Another process answers without Keras, whose sums differ in the last digits.
    answer, here = json.loads(done.stdout)[0]["output"], run.predict(items[:2])
    for name in ("item", "because"):
        assert [row[name] for row in answer["recommended"]] == [
            row[name] for row in here["recommended"]
        ]
    scores = [row["score"] for row in here["recommended"]]
    assert [row["score"] for row in answer["recommended"]] == pytest.approx(scores, abs=1e-5)


def test_names_on_the_map_stay_inside_and_apart():
    points = np.random.default_rng(0).uniform(-3, 3, (60, 2))
    names = ["a name of many letters"] * 60
    sides = plots._readable(points, names)
    x = (points[:, 0] - points[:, 0].min()) / np.ptp(points[:, 0])
    width = plots.LETTER * (len(names[0]) + 1)
    assert set(sides.values()) == {"left", "right"}
    assert all(x[item] + width <= 1 for item, side in sides.items() if side == "left")
