"""Learning curves from the history alone, pictures of tasks, and runs side by side."""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest
from run_fakes import CLASSES, Censor, Rhyme, hooks, make_run

from deepzoo import figures
from deepzoo.errors import DataError, UnknownNameError, UsageError
from deepzoo.evaluation import curves
from deepzoo.evaluation.compare import compare
from deepzoo.interfaces.scores import Scores


def history(epochs=5, **more):
    return [
        {
            "epoch": epoch,
            "loss": 3 / epoch,
            "val_loss": 3 / epoch + 0.2 * max(0, epoch - 3),
            "accuracy": 1 - 1 / (epoch + 1),
            "val_accuracy": 1 - 1.2 / (epoch + 1),
            "seconds": 1.5,
            "learning_rate": 0.001,
            **more,
        }
        for epoch in range(1, epochs + 1)
    ]


def lines_of(axes):
    return {
        line.get_label().partition(" (")[0]: (list(line.get_xdata()), list(line.get_ydata()))
        for line in axes.get_lines()
    }


def test_each_metric_has_a_panel_and_each_split_a_line():
    figure = curves.curves(history(), "poems/a")
    assert [axes.get_title() for axes in figure.axes] == ["loss", "accuracy"]
    lines = lines_of(figure.axes[0])
    assert set(lines) == {"training", "validation", "best epoch"}
    assert lines["training"] == ([1, 2, 3, 4, 5], [3 / epoch for epoch in range(1, 6)])
    assert lines["best epoch"][0] == [4, 4]
    assert [text.get_text() for text in figure.texts] == ["Learning curves", "poems/a: 5 epochs"]


def test_a_watched_test_split_has_a_line_of_its_own():
    figure = curves.curves(history(test_loss=2.0), "poems/a")
    assert "test" in lines_of(figure.axes[0])
    assert [axes.get_title() for axes in figure.axes] == ["loss", "accuracy"]


def test_lost_values_are_gaps():
    rows = history()
    rows[2]["loss"] = None
    rows[3]["val_loss"] = None
    losses = lines_of(curves.curves(rows, "poems/a").axes[0])
    assert [math.isnan(value) for value in losses["training"][1]] == [
        False,
        False,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 6, 9])
def test_there_is_no_empty_panel(count):
    more = {f"metric_{number}": 1.0 for number in range(count - 1)}
    figure = curves.curves([{"epoch": 1, "loss": 2.0, **more}], "poems/a")
    assert len(figure.axes) == min(count, curves.MAX_PANELS)
    assert all(axes.get_lines() for axes in figure.axes)


def test_what_the_lines_mean_is_said_once():
    figure = curves.curves(history(test_accuracy=0.5, f1=0.5), "poems/a")
    legends = [axes.get_legend() for axes in figure.axes]
    assert [legend is not None for legend in legends] == [True, True, False]


def test_one_epoch_and_no_validation_are_enough():
    figure = curves.curves([{"epoch": 1, "loss": 2.0}], "poems/a")
    assert set(lines_of(figure.axes[0])) == {"training"}
    assert figure.axes[0].get_lines()[0].get_marker() == "o"
    assert figures.finished(figure)._repr_png_().startswith(b"\x89PNG")


def test_without_an_epoch_there_is_nothing_to_draw():
    for rows in ([], [{"epoch": 1, "seconds": 2.0}], [{"epoch": 1, "loss": None}]):
        with pytest.raises(DataError, match="no epoch has ended"):
            curves.curves(rows, "poems/a")


def test_losses_of_many_sizes_get_a_logarithmic_axis():
    rows = [{"epoch": epoch, "loss": 10.0 ** (3 - epoch)} for epoch in range(5)]
    assert curves.curves(rows, "poems/a").axes[0].get_yscale() == "log"
    assert curves.curves(history(), "poems/a").axes[0].get_yscale() == "linear"
    rows = [{"epoch": epoch, "right": 10.0 ** (epoch - 5)} for epoch in range(5)]
    assert curves.curves(rows, "poems/a").axes[0].get_yscale() == "linear"


def test_names_are_text_and_not_formulas(tmp_path):
    figure = curves.curves(history(**{"cost_$": 1.0, "val_cost_$": 2.0}), "a $\\frac{ & <b>")
    figures.save(figure, tmp_path / "deep" / "curves.svg")
    assert "<svg" in (tmp_path / "deep" / "curves.svg").read_text()


@pytest.mark.parametrize(
    ("end", "start"), [("png", b"\x89PNG"), ("pdf", b"%PDF"), ("PNG", b"\x89PNG")]
)
def test_pictures_are_written_by_the_end_of_their_name(tmp_path, end, start):
    path = figures.save(curves.curves(history(), "poems/a"), tmp_path / f"curves.{end}")
    assert path.read_bytes().startswith(start)


def test_drawing_needs_no_pyplot():
    code = (
        "import sys; from deepzoo import figures; from deepzoo.evaluation import curves; "
        "figures.finished(curves.curves([{'epoch': 1, 'loss': 2.0}], 'a'))._repr_png_(); "
        "sys.exit('matplotlib.pyplot' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-W", "error", "-c", code], check=False).returncode == 0


@pytest.fixture
def fakes(monkeypatch, plugin):
    class Drawing(Rhyme):
        plots = {"lines": lambda run, *inputs: curves.curves(history(len(inputs)), run.id)}

    Drawing.name = "rhyme"
    monkeypatch.setenv("DEEPZOO_PLUGINS", "")
    plugin("verse", **hooks(**{**CLASSES, "register_tasks": [Drawing, Censor]}))


def test_a_run_draws_its_curves_and_the_pictures_of_its_task(fakes):
    run = make_run()
    with pytest.raises(DataError, match="poems/table-1"):
        run.plot()
    run.save("history", history(2))
    assert lines_of(run.plot().axes[0])["training"][0] == [1, 2]
    assert lines_of(run.plot("lines", "a", "b", "c").axes[0])["training"][0] == [1, 2, 3]
    with pytest.raises(UnknownNameError, match=r"Did you mean 'curves'.*curves, lines"):
        run.plot("curve")


def scored(name, values, **fields):
    run = make_run(name, **fields)
    values = np.array(values)
    mean = float(values.mean())
    run.save("metrics", {"metrics": {"bits": mean}, "intervals": {"bits": [mean - 1, mean + 1]}})
    run.save_scores({"bits": Scores(values)})
    return run


def test_runs_stand_side_by_side(fakes):
    first = scored("a", [1.0, 2.0, 3.0], seed=1, parameters=10)
    other = scored("b", [1.5, 2.5, 3.5], seed=1, settings={**first.settings, "model.units": 9})
    found = compare([first, other])
    assert found["settings"] == {"model.units": [3, 9]}
    assert found["metrics"] == ["bits"]
    rows = found["runs"]
    assert [row["run"] for row in rows] == ["poems/a", "poems/b"]
    assert (rows[0]["intervals"], rows[0]["differences"]) == ({"bits": [1, 3]}, {})
    assert rows[1]["differences"]["bits"] == pytest.approx([0.5, 0.5, 0.5])
    assert found["notes"] == []


def test_epochs_are_said_once_unless_a_run_stopped_before_its_last(fakes):
    first = scored("a", [1.0, 2.0], epochs=5, settings={"model.epochs": 5})
    other = scored("b", [1.0, 2.0], epochs=9, settings={"model.epochs": 9})
    assert compare([first, other])["settings"] == {"model.epochs": [5, 9]}
    early = scored("c", [1.0, 2.0], epochs=3, settings={"model.epochs": 9})
    assert compare([first, early])["settings"] == {"epochs": [5, 3], "model.epochs": [5, 9]}


def test_facts_that_differ_are_shown_and_missing_settings_are_empty(fakes):
    first = scored("a", [1.0, 2.0], seed=0, settings={"model.units": 3})
    other = scored("b", [1.0, 2.0], seed=1, settings={"model.layers": 2})
    settings = compare([first, other])["settings"]
    assert settings == {"seed": [0, 1], "model.units": [3, None], "model.layers": [None, 2]}


@pytest.mark.parametrize(
    ("change", "values", "says"),
    [
        ({"fingerprint": "f2"}, [1.0, 2.0], "another question"),
        ({"settings": {"task.noise": 0.0}}, [1.0, 2.0], "another question"),
        ({}, [1.0, 2.0, 3.0], "expected 3, received 2"),
    ],
)
def test_what_was_not_scored_alike_has_no_difference_and_a_note(fakes, change, values, says):
    first, other = scored("a", [1.0, 2.0]), scored("b", values, **change)
    found = compare([first, other])
    assert found["runs"][1]["differences"] == {}
    assert says in " ".join(found["notes"])


def test_one_example_has_a_difference_without_an_interval(fakes):
    found = compare([scored("a", [1.0]), scored("b", [3.0])])
    assert found["runs"][1]["differences"] == {"bits": [2.0, None, None]}


def test_damaged_results_do_not_stop_a_comparison(fakes):
    first, other, third = (scored(name, [1.0, 2.0]) for name in "abc")
    (other.path / "scores.npz").write_bytes(b"")
    (third.path / "metrics.json").write_text("{")
    other.reload(), third.reload()
    found = compare([first, other, third])
    assert [row["metrics"] for row in found["runs"]] == [{"bits": 1.5}, {"bits": 1.5}, {}]
    assert len(found["notes"]) == 2


def test_one_run_is_no_comparison(fakes):
    with pytest.raises(UsageError, match="received 1"):
        compare([make_run()])
