"""Names: bare, in full, misspelt, clashing; and which task a dataset gets."""

from __future__ import annotations

import pytest

from deepzoo import Dataset, Model, Task
from deepzoo.errors import PluginError, UnknownNameError, UsageError
from deepzoo.interfaces.image_kinds import Images
from deepzoo.interfaces.kinds import Kind, Text
from deepzoo.plugins import loader as plugins
from deepzoo.plugins import registry


# Kinds that no built-in task reads, now or later.
class Sounds(Kind):
    name = "sounds"
    waves: list


class Songs(Kind):
    name = "songs"
    notes: list


def dataset(dataset_name, dataset_kind=Text, **attributes):
    return type("D", (Dataset,), {"name": dataset_name, "kind": dataset_kind, **attributes})


def task(task_name, *kinds, **attributes):
    return type(
        "T", (Task,), {"name": task_name, "kinds": kinds, "default_model": "m", **attributes}
    )


def model(model_name, task_name):
    return type("M", (Model,), {"name": model_name, "task": task_name})


def offering(name):
    return {"register_datasets": lambda: [dataset(name)]}


def test_a_misspelt_name_gets_the_closest_one_and_the_listing(fake):
    with pytest.raises(UnknownNameError) as error:
        registry.dataset("cluster")

    assert error.value.message == "No dataset is named 'cluster'. Did you mean 'clusters'?"
    assert error.value.hint == "List them with: deepzoo datasets"
    assert error.value.exit_code == 2


@pytest.mark.parametrize("category", list(registry.BASES))
def test_every_category_is_listed_with_its_plugin(fake, category):
    listed = [entry for entry in registry.entries(category) if entry.plugin == "fake"]

    assert listed
    for entry in listed:
        assert registry.find(category, entry.qualified) is entry
        assert registry.registered(entry.cls) is entry
        assert entry.owner == {"plugin": "fake", "distribution": "deepzoo-fake", "version": "0.1"}


def test_built_in_kinds_are_there_without_any_plugin(monkeypatch):
    monkeypatch.setenv("DEEPZOO_PLUGINS", "")

    assert registry.find("kind", "images").cls is Images


def test_a_hook_is_called_once(plugin):
    calls = []
    plugin(register_datasets=lambda: calls.append(1) or [dataset("once")])

    assert registry.dataset("once") is registry.dataset("once")
    assert len(registry.datasets()) == len(registry.datasets())
    assert calls == [1]


def test_between_two_strangers_the_bare_name_is_refused(plugin):
    plugin("a", "deepzoo-a", **offering("same"))
    plugin("b", "deepzoo-b", **offering("same"))

    with pytest.raises(PluginError, match="deepzoo-a:same and deepzoo-b:same") as error:
        registry.dataset("same")
    assert error.value.exit_code == 6
    assert registry.registered(registry.dataset("deepzoo-b:same")).plugin == "b"
    assert any("deepzoo-a:same and deepzoo-b:same" in line for line in plugins.warnings())


@pytest.mark.parametrize("order", [("deepzoo", "deepzoo-a"), ("deepzoo-a", "deepzoo")])
def test_a_built_in_keeps_its_name_with_one_warning(plugin, order):
    for distribution in order:
        plugin(f"of-{distribution}", distribution, **offering("own"))

    assert registry.registered(registry.dataset("own")).distribution == "deepzoo"
    assert registry.registered(registry.dataset("deepzoo-a:own")).distribution == "deepzoo-a"
    [line] = [line for line in plugins.warnings() if "'own'" in line]
    assert "the built-in one" in line


def test_load_order_does_not_depend_on_the_path(install):
    for name in ("zebra", "ant"):
        text = "import deepzoo\n@deepzoo.hookimpl\ndef register_models(): return []\n"
        install(f"deepzoo-{name}", **{name: text})

    names = [plugin.name for plugin in plugins.load_plugins().found]

    assert names[-2:] == ["ant", "zebra"]
    assert plugins.load_plugins().found[0].distribution == "deepzoo"


def test_a_name_of_a_package_that_is_not_installed():
    with pytest.raises(PluginError, match="pip install deepzoo-foo"):
        registry.model("deepzoo-foo:bar")


def test_a_broken_plugin_takes_its_earlier_names_with_it(plugin):
    def fail():
        raise OSError("disk on fire")

    plugin("late", "deepzoo-late", **offering("early"), register_models=fail)
    assert registry.dataset("early")

    registry.models()

    with pytest.raises(PluginError, match="disk on fire"):
        registry.dataset("early")


@pytest.fixture
def zoo(plugin):
    """Two tasks that read text, one that reads sounds, a model of each."""
    plugin(
        "zoo",
        "deepzoo-zoo",
        register_tasks=lambda: [
            task("telling", Text, Sounds, default_for=(Songs,), default_model="teller"),
            task("hearing", Text, default_model="hearer"),
        ],
        register_models=lambda: [
            model("teller", "telling"),
            model("teller-two", "telling"),
            model("hearer", "hearing"),
            model("lost", "no-such-task"),
        ],
    )


@pytest.mark.parametrize(
    ("attributes", "task_name", "model_name", "expected"),
    [
        ({}, "hearing", "hearer", ("hearing", "hearer")),
        ({}, None, "teller-two", ("telling", "teller-two")),
        ({}, "telling", None, ("telling", "teller")),
        ({"default_model": "teller-two"}, None, None, ("telling", "teller-two")),
        ({"default_model": "teller-two"}, "telling", None, ("telling", "teller-two")),
        ({"default_model": "teller-two"}, "hearing", None, ("hearing", "hearer")),
        ({"default_task": "hearing"}, None, None, ("hearing", "hearer")),
        ({"default_task": "hearing", "default_model": "teller"}, None, None, ("telling", "teller")),
        ({"default_task": "hearing"}, None, "teller", ("telling", "teller")),
    ],
)
def test_who_decides_on_task_and_model(zoo, attributes, task_name, model_name, expected):
    chosen = registry.default_task(dataset("d", **attributes), task_name, model_name)

    assert tuple(cls.name for cls in chosen) == expected


def test_the_kind_decides_last(fake):
    chosen = registry.default_task(registry.dataset("clusters"))

    assert [cls.name for cls in chosen] == ["sorting-points", "point-dense"]


@pytest.mark.parametrize(
    ("kind", "task_name", "model_name", "message"),
    [
        (
            Text,
            "hearing",
            "teller",
            "Model 'teller' belongs to the task 'telling', expected the task 'hearing'",
        ),
        (
            Sounds,
            "hearing",
            None,
            "Task 'hearing' accepts text, but dataset 'd' has the kind sounds",
        ),
        (Sounds, None, "hearer", "Tasks that accept sounds: telling"),
        (Songs, None, None, "accepts text, sounds, but dataset 'd' has the kind songs"),
    ],
)
def test_a_disagreement_is_refused(zoo, kind, task_name, model_name, message):
    with pytest.raises(UsageError, match=message):
        registry.default_task(dataset("d", kind), task_name, model_name)


def test_no_default_task_names_those_to_choose_from(plugin, fake):
    plugin(register_tasks=lambda: [task("seeing", Sounds)])

    with pytest.raises(UsageError, match=r"no task is the default.*--task: .*seeing"):
        registry.default_task(dataset("d", Sounds))


def test_a_model_of_a_missing_task_exits_6(zoo):
    with pytest.raises(PluginError, match="belongs to the task 'no-such-task'"):
        registry.default_task(dataset("d"), None, "lost")


def test_a_plugins_own_task_is_meant_by_its_own_model(plugin):
    for name in ("a", "b"):
        plugin(
            name,
            f"deepzoo-{name}",
            register_tasks=lambda: [task("same", Text, default_model="m")],
            register_models=lambda: [model("m", "same")],
        )

    chosen = registry.default_task(dataset("d"), None, "deepzoo-b:m")

    assert [registry.registered(cls).plugin for cls in chosen] == ["b", "b"]
