"""The pictures of text generation: what they show, whatever characters it is made of."""

from __future__ import annotations

import io
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepzoo.cli import main
from deepzoo.errors import DataError, UsageError
from deepzoo.figures import finished

pytest.importorskip("matplotlib")

from deepzoo_text_generation import plots
from deepzoo_text_generation.plots import COLUMNS, Row, panel, wrap

ODD = "👩‍👩‍👧 שלום\u2028 $x_1$ \x1b[0m\x00\t\ufffd 漢字 e\u0301\ud800"


def shown(figure) -> list[str]:
    return [text.get_text() for text in figure.texts]


def drawn(figure) -> bytes:
    """Draws a figure; a warning, about a missing glyph for one, is an error here."""
    memory = io.BytesIO()
    figure.savefig(memory, format="png", dpi=50)
    return memory.getvalue()


@given(st.text(st.characters(exclude_categories=()), max_size=80), st.integers(1, 9))
def test_wrapped_lines_are_the_text_and_fit(text, width):
    lines = wrap(text, width)
    assert "".join(lines) == text
    assert all(len(line.rstrip()) <= width for line in lines)


def test_words_are_kept_whole_where_they_can_be():
    assert wrap("one two three", 8) == ["one two ", "three"]
    assert wrap("one\n\ntwo", 8) == ["one\n", "\n", "two"]
    assert wrap("abcdefghij k", 4) == ["abcd", "efgh", "ij k"]
    assert wrap("漢字漢字a", 4) == ["漢字", "漢字", "a"]


def test_a_panel_of_odd_characters_draws_without_a_warning():
    rows = [Row("1", ODD, "black", ODD * 9, given=7), Row("2", "", "red", "")]
    assert drawn(finished(panel(rows, ODD, ODD, ODD))).startswith(b"\x89PNG")


def test_long_texts_are_cut_and_say_so():
    figure = panel([Row("a", "b", "black", "word " * 200, most=3)], "title", "run", "3")
    lines = [text for text in shown(figure) if "word" in text]
    assert len(lines) == 3
    assert lines[-1].endswith(" ...")
    assert max(map(len, lines)) <= COLUMNS


def test_nothing_is_drawn_outside_of_the_figure():
    rows = [Row("epoch 100", "12.34 bits/char", "black", "W" * 500, given=100)] * 3
    figure = panel(rows, "title", "run", "3")
    drawn(figure)
    box = figure.bbox
    for text in figure.texts:
        extent = text.get_window_extent()
        assert box.x0 <= extent.x0 <= extent.x1 <= box.x1, text
        assert box.y0 <= extent.y0 <= extent.y1 <= box.y1, text


def test_the_given_start_is_bold_and_the_rest_is_not():
    figure = panel([Row("", "", "black", "given rest " * 20, given=6)], "", "", "")
    texts = {text.get_text(): text.get_weight() for text in figure.texts}
    assert texts["given"] == "bold"
    rest = next(text for text in texts if "rest" in text)
    assert rest.startswith("      rest given")
    assert texts[rest] == "normal"


def test_temperatures_continue_one_start(run):
    figure = run.plot("temperatures", "Qa")
    texts = shown(figure)
    assert [text for text in texts if text in ("0.3", "0.7", "1.0", "3.0")] == [
        *("0.3", "0.7", "1.0", "3.0")
    ]
    assert texts.count("Qa") == 4
    expected = run.generate("Qa", temperature=0.3, length=plots.LENGTH, seed=plots.SEED)
    assert f"  {expected[2:]}"[:COLUMNS] in texts
    assert drawn(run.plot("temperatures"))
    with pytest.raises(UsageError, match="received 2"):
        run.plot("temperatures", "Q", "a")


def test_evolution_shows_the_samples_of_the_epochs(run):
    texts = shown(run.plot("evolution"))
    assert [text for text in texts if text.startswith("epoch")] == [
        f"epoch {number}" for number in range(1, 5)
    ]
    first = (run.path / "samples" / "epoch-0001.txt").read_text(encoding="utf-8")
    assert first.split("\n")[0][:40] in "\n".join(texts)
    bits = run.history[0]["val_bits_per_character"]
    assert f"{bits:.2f} bits/char" in texts


def test_many_epochs_are_thinned_out_and_none_are_an_error(run, tmp_path, monkeypatch):
    assert plots.spread(range(60), 8) == [0, 8, 17, 25, 34, 42, 51, 59]
    assert plots.spread([1, 2], 8) == [1, 2]
    for size in range(9, 40):
        indices = plots.spread(range(size), 8)
        assert all(first < second for first, second in itertools.pairwise(indices))
    monkeypatch.setattr(run, "path", tmp_path)
    with pytest.raises(DataError, match="no samples"):
        plots.evolution(run)


def test_runs_plot_writes_the_picture(trained, tmp_path, capsys):
    path = tmp_path / "panel.png"
    command = ["runs", "plot", str(trained), "temperatures", "Qa 🙂", "--out", str(path)]
    assert main(command) == 0
    assert path.read_bytes().startswith(b"\x89PNG")
    assert capsys.readouterr().out.strip() == str(path)
