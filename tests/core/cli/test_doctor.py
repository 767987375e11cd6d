"""The doctor finds what is wrong, and no failure of its own ends the examination."""

from __future__ import annotations

import json

import pytest

from deepzoo.cli import main
from deepzoo.errors import UsageError
from deepzoo.networks.devices import Device


@pytest.fixture(autouse=True)
def device(monkeypatch):
    """Spares the tests the import of TensorFlow."""
    monkeypatch.setenv("DEEPZOO_PLUGINS", "")
    found = Device("cpu", "no usable GPU found", "tensorflow", 2)
    monkeypatch.setattr("deepzoo.networks.devices.configure", lambda *arguments: found)


def examined(capsys):
    assert main(["doctor", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    return report, {row["name"]: row for row in report["checks"]}


def test_it_names_versions_folders_and_the_device_with_its_reason(capsys, home):
    report, rows = examined(capsys)
    assert {"deepzoo", "python", "keras", "processors", "runs", "cache", "backend"} <= set(rows)
    assert rows["device"]["found"] == "cpu (no usable GPU found)"
    assert str(home) in rows["runs"]["found"]
    assert report["ok"] == all(row["status"] != "wrong" for row in report["checks"])


def test_it_reads_well(capsys):
    assert main(["doctor"]) == 0
    out, err = capsys.readouterr()
    assert "ok  device" in out
    assert "Everything that is needed works." in err


def test_a_broken_plugin_is_wrong_and_has_a_remedy(capsys, install, monkeypatch):
    monkeypatch.setenv("DEEPZOO_PLUGINS", "broken")
    install("deepzoo-broken", broken="import nothing_like_this")
    report, rows = examined(capsys)
    assert not report["ok"]
    assert "nothing_like_this" in rows["plugin broken"]["found"]
    assert "pip uninstall deepzoo-broken" in rows["plugin broken"]["fix"]


def test_a_folder_that_is_missing_is_wrong(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("DEEPZOO_DATA", str(tmp_path / "missing"))
    _, rows = examined(capsys)
    assert rows["DEEPZOO_DATA"]["status"] == "wrong"


@pytest.mark.parametrize(
    "error", [RuntimeError("driver gone"), ImportError("no keras"), UsageError("no", "do this")]
)
def test_a_check_that_fails_is_a_finding(capsys, monkeypatch, error):
    def configure(*arguments):
        raise error

    monkeypatch.setattr("deepzoo.networks.devices.configure", configure)
    report, rows = examined(capsys)
    assert not report["ok"]
    assert rows["device"]["status"] == "wrong"
    assert str(error.args[0]) in rows["device"]["found"]
    assert "runs" in rows
