"""Plugins that are broken, blocked, slow or too new: each costs one line and nothing else."""

from __future__ import annotations

import subprocess
import sys

import pytest

from deepzoo.errors import PluginError, UnknownNameError
from deepzoo.plugins import loader as plugins
from deepzoo.plugins import registry

HAIKU = """
import deepzoo
from deepzoo import Text

class Haiku(deepzoo.Dataset):
    name = "haiku"
    kind = Text

@deepzoo.hookimpl
def register_datasets():
    return [Haiku]
"""


def found(name):
    return next(plugin for plugin in plugins.load_plugins().found if plugin.name == name)


def notices(distribution):
    registry.load_all()
    return [line for line in plugins.warnings() if distribution in line]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import no_such_module_anywhere", "ModuleNotFoundError: No module named"),
        ("def broken(:", "SyntaxError"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("raise RuntimeError('two\\nlines')", "RuntimeError: two lines"),
        ("class Odd(BaseException): pass\nraise Odd", "Odd"),
    ],
    ids=["import", "syntax", "exit", "exception", "base"],
)
def test_one_that_cannot_be_imported_costs_one_line(install, source, reason):
    install("deepzoo-broken", "0.3", broken=source)
    install("deepzoo-haiku", haiku=HAIKU)

    assert registry.dataset("haiku").name == "haiku"
    [line] = notices("deepzoo-broken")
    assert line.startswith("Plugin 'broken' (deepzoo-broken 0.3) was skipped: importing it failed")
    assert reason in line
    assert "\n" not in line


def test_a_name_that_a_broken_plugin_may_have_offered_exits_6(install):
    install("deepzoo-broken", "0.3", broken="import no_such_module_anywhere")

    with pytest.raises(PluginError, match=r"No task is named 'juggling'.*deepzoo-broken 0\.3") as e:
        registry.task("juggling")
    assert e.value.exit_code == 6


def test_strict_mode_raises(install, monkeypatch):
    install("deepzoo-broken", broken="import no_such_module_anywhere")
    monkeypatch.setenv("DEEPZOO_STRICT", "1")
    monkeypatch.setenv("DEEPZOO_PLUGINS", "broken")

    with pytest.raises(PluginError, match="deepzoo-broken") as error:
        plugins.load_plugins()
    assert isinstance(error.value.__cause__, ModuleNotFoundError)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("def register_models(config): return []", "config"),
        ("def register_models(): return 7", "must return a list; received: 7"),
        (
            "def register_models(): return ['cnn']",
            "must return subclasses of Model; received: 'cnn'",
        ),
        ("def register_models(): return 'cnn'", "must return a list; received: 'cnn'"),
        ("def register_models(): raise ValueError('no')", "register_models failed: ValueError: no"),
        ("def register_models(): yield Haiku", "must return subclasses of Model"),
        ("def register_modles(): return []", "Did you mean 'register_models'?"),
    ],
    ids=["signature", "type", "items", "string", "raises", "other-class", "unknown-hook"],
)
def test_a_wrong_hook_takes_back_all_of_its_plugin(install, source, reason):
    install("deepzoo-half", half=f"{HAIKU}\n@deepzoo.hookimpl\n{source}\n")
    install("deepzoo-whole", whole=HAIKU.replace('"haiku"', '"senryu"'))

    [line] = notices("deepzoo-half")

    assert reason in line
    assert [e.name for e in registry.datasets() if e.distribution.endswith(("half", "whole"))] == [
        "senryu"
    ]
    with pytest.raises(PluginError, match="deepzoo-half"):
        registry.dataset("deepzoo-half:haiku")


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("class Bad(deepzoo.Dataset):\n    kind = Text", "needs the class attribute `name"),
        ("class Bad(deepzoo.Dataset):\n    name = 'bad'", "needs the class attribute `kind"),
        ("class Bad(deepzoo.Dataset):\n    name = '../bad'\n    kind = Text", "letters, digits"),
        ("class Bad(deepzoo.Dataset):\n    name: str = 'bad'\n    kind = Text", "without a type"),
        ("class Bad(deepzoo.Dataset):\n    name = 'bad'\n    kind = str", "must name Kind classes"),
        ("Bad = Haiku", "offers 'haiku' twice"),
        (
            "import dataclasses\n@dataclasses.dataclass(frozen=True)\n"
            "class Bad(deepzoo.Kind):\n    name = 'bad'\n    values: list",
            "is a dataclass already: remove the decorator @dataclass",
        ),
    ],
    ids=["no-name", "no-kind", "path", "typed-name", "kind", "twice", "decorated"],
)
def test_a_class_that_lacks_something_is_named_with_what_it_lacks(install, source, reason):
    bad = HAIKU.replace("[Haiku]", "[Haiku, Bad]") + source
    install("deepzoo-bad", bad=bad)

    [line] = notices("deepzoo-bad")

    assert reason in line


def test_a_module_without_hooks_is_a_mistake(install):
    install("deepzoo-empty", empty="def register_datasets(): return []")

    assert "mark its functions with @deepzoo.hookimpl" in notices("deepzoo-empty")[0]


def test_what_a_plugin_prints_does_not_reach_standard_output(install, capsys):
    install("deepzoo-loud", loud=f"print('hello from import')\n{HAIKU}")

    registry.dataset("haiku")

    assert capsys.readouterr().out == ""


def test_loading_time_is_recorded_per_plugin(install):
    install("deepzoo-slow", slow=f"import time\ntime.sleep(0.2)\n{HAIKU}")

    assert found("slow").seconds >= 0.2


def test_the_allow_list_keeps_others_from_being_imported(install, monkeypatch, tmp_path):
    marker = tmp_path / "imported"
    install("deepzoo-other", other=f"open({str(marker)!r}, 'w').close()\n{HAIKU}")
    install("deepzoo-haiku", haiku=HAIKU.replace("haiku", "tanka"))

    monkeypatch.setenv("DEEPZOO_PLUGINS", "haiku")
    assert registry.dataset("tanka")
    assert found("other").blocked
    assert not marker.exists()
    with pytest.raises(PluginError, match="excludes it"):
        registry.recorded("dataset", "haiku", {"plugin": "other", "distribution": "deepzoo-other"})


@pytest.mark.parametrize("name", ["haiku", "deepzoo-haiku", "deepzoo_haiku", "deepzoo-haiku:haiku"])
def test_the_allow_list_takes_every_way_to_name_a_plugin(install, monkeypatch, name):
    install("deepzoo-haiku", haiku=HAIKU)
    monkeypatch.setenv("DEEPZOO_PLUGINS", f" {name} ,")

    assert [plugin.name for plugin in plugins.load_plugins().found if plugin.usable] == ["haiku"]


def test_an_empty_allow_list_loads_none(install, monkeypatch):
    install("deepzoo-haiku", haiku=HAIKU)
    monkeypatch.setenv("DEEPZOO_PLUGINS", "")

    assert not any(plugin.usable for plugin in plugins.load_plugins().found)
    assert registry.datasets() == []
    assert plugins.warnings() == []


def test_a_misspelt_allow_list_is_reported(install, monkeypatch):
    install("deepzoo-haiku", haiku=HAIKU)
    monkeypatch.setenv("DEEPZOO_PLUGINS", "haikou")

    assert plugins.warnings() == [
        "DEEPZOO_PLUGINS names 'haikou', but no such plugin is installed. Did you mean 'haiku'?"
    ]


def test_one_that_needs_a_newer_deepzoo_is_skipped(install):
    install("deepzoo-next", next=f"deepzoo_api = {plugins.API + 2}\n{HAIKU}")

    assert f"needs plugin API {plugins.API + 2}, this deepzoo has {plugins.API}" in "".join(
        notices("deepzoo-next")
    )
    with pytest.raises((PluginError, UnknownNameError)):
        registry.dataset("deepzoo-next:haiku")


def test_one_written_for_this_api_works(install):
    install("deepzoo-now", now=f"deepzoo_api = {plugins.API}\n{HAIKU}")

    assert registry.dataset("haiku")


def test_a_damaged_distribution_does_not_hide_the_others(install):
    install("deepzoo-haiku", haiku=HAIKU)
    folder = install("deepzoo-damaged", damaged=HAIKU)
    next(folder.glob("*.dist-info/entry_points.txt")).write_text("[deepzoo]\nno equals sign\n")
    plugins.reset()

    assert registry.dataset("haiku")


def test_a_removed_plugin_is_named_with_what_to_install(install):
    owner = {"plugin": "foo", "distribution": "deepzoo-foo", "version": "1.2"}

    with pytest.raises(PluginError, match=r"pip install 'deepzoo-foo==1\.2'") as error:
        registry.recorded("dataset", "bars", owner)
    assert error.value.exit_code == 6


def test_children_see_installed_plugins(install):
    install("deepzoo-haiku", haiku=HAIKU)
    code = "from deepzoo.plugins import registry; print(registry.dataset('haiku').__module__)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "haiku\n"


def test_a_lazy_hook_imports_what_it_names_when_it_is_called(install):
    folder = install("deepzoo-zen", zen="")
    (folder / "zen.py").unlink()
    (folder / "zen").mkdir()
    (folder / "zen" / "__init__.py").write_text(
        "from deepzoo import lazy_hook\n"
        'register_datasets = lazy_hook(__name__, "poems:Haiku", "poems:MORE")\n'
        'register_models = lazy_hook(__name__, "poems:Hiaku")\n'
    )
    source = HAIKU.split("@deepzoo.hookimpl")[0]
    (folder / "zen" / "poems.py").write_text(
        f"{source}\nclass Senryu(Haiku):\n    name = 'senryu'\n\nMORE = (Senryu,)\n"
    )

    assert found("zen").usable
    assert "zen.poems" not in sys.modules
    assert registry.dataset("senryu").__module__ == registry.dataset("haiku").__module__
    registry.models()
    assert "register_models failed: AttributeError" in notices("deepzoo-zen")[0]
