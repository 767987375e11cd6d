"""What plugins, broken and removed ones too, do to the command line: exit codes and streams."""

from __future__ import annotations

import json
import shutil

import pytest

import deepzoo
from deepzoo.errors import PluginError
from deepzoo.plugins import loader as plugins

TANKA = """
import deepzoo
from deepzoo import Text
print("hello from import")

class Tanka(deepzoo.Dataset):
    name = "tanka"
    kind = Text

@deepzoo.hookimpl
def register_datasets():
    print("hello from the hook")
    return [Tanka]
"""


def test_a_broken_plugin_costs_one_line_and_nothing_else(install, command):
    install("deepzoo-broken", "0.3", broken="import no_such_module_anywhere")
    install("deepzoo-tanka", tanka=TANKA)

    done = command("datasets", "--json")

    assert done.returncode == 0
    assert "tanka" in [row["name"] for row in json.loads(done.stdout)]
    [line] = [line for line in done.stderr.splitlines() if "deepzoo-broken" in line]
    assert "Plugin 'broken' (deepzoo-broken 0.3) was skipped" in line
    assert "Traceback" not in done.stderr


def test_using_what_a_broken_plugin_may_have_offered_exits_6(install, command):
    install("deepzoo-broken", "0.3", broken="import no_such_module_anywhere")

    done = command("train", "juggling-balls", "--json")

    assert done.returncode == 6
    error = json.loads(done.stdout)["error"]
    assert error["exit_code"] == 6
    assert "deepzoo-broken 0.3" in error["message"]


def test_the_version_is_told_without_importing_a_plugin(install, command, tmp_path):
    marker = tmp_path / "imported"
    install("deepzoo-slow", slow=f"open({str(marker)!r}, 'w').close()")

    done = command("--version")

    assert done.stdout == f"deepzoo {deepzoo.__version__}\n"
    assert not marker.exists()


def test_loading_times_are_shown_slowest_first(install, command):
    install("deepzoo-slow", slow=f"import time; time.sleep(0.3)\n{TANKA}")

    lines = command("plugins", "--times").stdout.splitlines()

    assert "deepzoo-slow" in lines[1]


@pytest.fixture
def orphan(fake, tmp_path):
    """A run whose plugin has been removed."""
    run = deepzoo.train("clusters", model="point-perceptron", epochs=1)
    for record in (tmp_path / "site").glob("deepzoo-fake/*.dist-info"):
        shutil.rmtree(record)
    plugins.reset()
    return run.id


@pytest.mark.parametrize(
    "use",
    [
        lambda run: deepzoo.predict(run, "0,1"),
        lambda run: deepzoo.resume(run, epochs=2),
        lambda run: deepzoo.evaluate(run),
    ],
    ids=["predict", "resume", "evaluate"],
)
def test_a_run_of_a_removed_plugin_says_what_to_install(orphan, use):
    assert [row["run"] for row in deepzoo.list_runs()] == [orphan]
    with pytest.raises(PluginError, match=r"pip install 'deepzoo-fake==0\.1'") as error:
        use(orphan)
    assert error.value.exit_code == 6
