import deepzoo_tracker
import pytest
import typer
from typer.testing import CliRunner

from deepzoo.testing import check_plugin


class Run:
    id = "haiku/first"


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def tracked():
    app = typer.Typer()
    deepzoo_tracker.register_commands(app)
    return lambda *options: CliRunner().invoke(app, options).stdout


def test_each_epoch_is_a_row_of_the_table(tracked):
    [tracker] = deepzoo_tracker.register_callbacks(Run())
    tracker.on_epoch_end(0, {"loss": 2.5, "accuracy": 0.25})
    tracker.on_epoch_end(1, {"loss": 1.25, "accuracy": 0.5})
    assert deepzoo_tracker.TABLE.read_text().splitlines()[0] == "haiku/first,1,loss,2.5"
    assert tracked() == "haiku/first    1  2.5\nhaiku/first    2  1.25\n"
    assert tracked("--name", "accuracy").split()[-1] == "0.5"


def test_without_a_table_nothing_is_shown(tracked):
    assert tracked() == ""


def test_it_keeps_the_promises_of_a_plugin():
    check_plugin(deepzoo_tracker)
