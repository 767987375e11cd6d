"""What `import deepzoo` promises, and that it is all there is."""

import ast
import pkgutil
from importlib import metadata
from pathlib import Path

import pytest

import deepzoo

INTERFACES = "Dataset Experiment File Kind Model Network Prepared Run Scores Splits Stepper Task"
ACTIONS = "cached_run evaluate generate load load_dataset predict resume train use"
LISTINGS = "list_datasets list_experiments list_models list_plugins list_runs list_tasks"


def test_the_list_of_public_names_is_sorted_and_each_is_there():
    assert list(deepzoo.__all__) == sorted(deepzoo.__all__) == dir(deepzoo)
    for name in deepzoo.__all__:
        assert getattr(deepzoo, name) is not None


def test_type_checkers_take_every_name_for_a_public_one():
    stub = ast.parse(Path(deepzoo.__file__).with_suffix(".pyi").read_text("utf-8"))
    imported = [node for node in stub.body if isinstance(node, ast.ImportFrom)]
    assert all(alias.asname == alias.name for node in imported for alias in node.names)


def test_a_name_that_is_not_there_says_so():
    with pytest.raises(AttributeError, match="'deepzoo' has no attribute 'trian'"):
        deepzoo.trian  # noqa: B018


def test_interfaces_actions_and_listings_are_public():
    promised = {
        *INTERFACES.split(),
        *ACTIONS.split(),
        *LISTINGS.split(),
        "hookimpl",
        "DeepzooError",
    }
    assert promised <= set(deepzoo.__all__)


def test_every_public_name_says_what_it_is_for():
    names = set(deepzoo.__all__) - {"__version__"}
    silent = [name for name in names if not (getattr(deepzoo, name).__doc__ or "").strip()]
    assert not silent


def test_no_public_name_is_hidden_by_a_module():
    modules = {module.name for module in pkgutil.iter_modules(deepzoo.__path__)}
    assert not modules & set(deepzoo.__all__)


def test_the_version_is_that_of_the_distribution():
    assert metadata.version("deepzoo") == deepzoo.__version__
