"""The curves of several runs in one picture: the same split of all, a colour each."""

from __future__ import annotations

import pytest
from test_curves import history, lines_of

from deepzoo.errors import DataError
from deepzoo.evaluation import curves


def test_several_runs_share_a_picture():
    watched = [{**row, "test_loss": 7.0} for row in history()]
    figure = curves.curves_of_runs({"a": history(), "b": history(3), "c": watched})
    titles = [axes.get_title() for axes in figure.axes]
    assert titles == ["loss, validation", "accuracy, validation"]
    lines = lines_of(figure.axes[0])
    assert {"a", "b", "c"} <= set(lines)
    assert lines["a"][1] == lines["c"][1] == [row["val_loss"] for row in history()]
    assert lines["b"][0] == [1, 2, 3]
    colours = {line.get_color() for line in figure.axes[0].get_lines()[:6]}
    assert len(colours) == 3
    [legend] = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["a", "b", "c", "training"]


def test_what_was_watched_counts_if_all_runs_have_it():
    watched = [{**row, "test_loss": 7.0} for row in history()]
    figure = curves.curves_of_runs({"a": watched, "b": watched})
    assert figure.axes[0].get_title() == "loss, test"
    assert lines_of(figure.axes[0])["b"][1] == [7.0] * 5
    bare = [{k: v for k, v in row.items() if not k.startswith("val_")} for row in history()]
    figure = curves.curves_of_runs({"a": history(), "b": bare})
    assert figure.axes[0].get_title() == "loss, training"
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["a", "b"]


def test_a_run_of_one_epoch_is_a_point():
    figure = curves.curves_of_runs({"a": history(), "b": history(1)})
    markers = [line.get_marker() for line in figure.axes[0].get_lines()[:4]]
    assert markers == ["", "", "o", "o"]


def test_the_last_epochs_alone_are_drawn_on_request():
    figure = curves.curves_of_runs({"a": history(), "b": history(2)}, last=2)
    lines = lines_of(figure.axes[0])
    assert (lines["a"][0], lines["b"][0]) == ([4, 5], [1, 2])


def test_curves_over_the_seconds_of_training():
    quick = [{**row, "seconds": 0.5 * row["epoch"]} for row in history()]
    slow = [{**row, "seconds": 2.0 * row["epoch"]} for row in history()]
    axes = curves.curves_of_runs({"a": quick, "b": slow}, over="seconds").axes[0]
    assert lines_of(axes)["b"][0] == [2, 4, 6, 8, 10]
    assert (axes.get_xlabel(), axes.get_xscale()) == ("seconds of training", "linear")
    far = [{**row, "seconds": 20.0 * row["epoch"]} for row in history()]
    axes = curves.curves_of_runs({"a": quick, "b": far}, over="seconds").axes[0]
    assert axes.get_xscale() == "log"


def test_many_runs_have_a_colour_each():
    figure = curves.curves_of_runs({f"run {index}": history(2) for index in range(25)})
    lines = [line for line in figure.axes[0].get_lines() if line.get_label().startswith("run")]
    assert len({tuple(line.get_color()) for line in lines}) == 25


def test_several_runs_without_an_epoch_have_no_curves():
    with pytest.raises(DataError, match="no epoch of any run"):
        curves.curves_of_runs({"a": [], "b": [{"epoch": 1, "loss": None}]})
