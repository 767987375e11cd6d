"""What `import deepzoo` promises, and that it is all there is."""

import types
from importlib import metadata

import deepzoo

INTERFACES = "Dataset Experiment File Kind Model Network Prepared Run Scores Splits Stepper Task"
ACTIONS = "cached_run data evaluate generate load predict resume train use"
LISTINGS = "list_datasets list_experiments list_models list_plugins list_runs list_tasks"


def test_the_list_of_public_names_is_sorted_and_complete():
    there = {
        name
        for name, value in vars(deepzoo).items()
        if not name.startswith("_")
        and not isinstance(value, types.ModuleType)
        and name != "annotations"
    }
    assert list(deepzoo.__all__) == sorted([*there, "__version__"])


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


def test_an_action_is_not_hidden_by_a_module_of_its_name():
    import deepzoo.data  # the module exists, the name stays the function

    assert callable(deepzoo.data)


def test_the_version_is_that_of_the_distribution():
    assert metadata.version("deepzoo") == deepzoo.__version__
