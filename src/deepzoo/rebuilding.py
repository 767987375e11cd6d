"""From a run's JSON and arrays back to recipes and networks, through the registry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import CheckpointError, PluginError, UnknownNameError
from .quiet import quiet_tensorflow

if TYPE_CHECKING:
    import numpy as np

    from .run import Run

WEIGHTS = "weights.safetensors"


def find_class(run: Run, owner: str) -> type[Any]:
    """Finds the class of the run's `dataset`, `kind`, `task` or `model`.

    Raises:
        PluginError: The plugin that the run was made with is not installed, or broken.
    """
    from . import registry

    if owner == "kind":
        return find_class(run, "dataset").kind.options
    name = str(run.record.get(owner, ""))
    origin = run.record.get("plugins", {}).get(owner) or {}
    distribution = origin.get("distribution")
    try:
        return registry.find(owner, f"{distribution}:{name}" if distribution else name).cls
    except (UnknownNameError, PluginError) as error:
        if distribution:
            return registry.recorded(owner, name, origin)  # raises, and says what to install
        raise PluginError(
            f"Run {run.id} needs the {owner} '{name}', which no installed plugin offers.",
            "List what there is: deepzoo plugins",
        ) from error


def recipe(run: Run, owner: str) -> Any:
    """Makes the run's `dataset`, `kind` settings, `task` or `model` with its settings."""
    from . import settings

    found = find_class(run, owner)
    own = {key: value for key, value in run.settings.items() if key.startswith(f"{owner}.")}
    return settings.restore({owner: found}, own)[owner]


def weights(run: Run) -> dict[str, np.ndarray]:
    """Reads the run's weights.

    Raises:
        CheckpointError: There are none, or they are damaged.
    """
    path = run.path / WEIGHTS
    if not path.exists():
        hint = f"Finish it: deepzoo resume {run.id}" if run.status == "interrupted" else ""
        raise CheckpointError(f"Run {run.id} has no {WEIGHTS}; its status is {run.status}.", hint)
    from .arrays import load_arrays

    return load_arrays(path)


def network(run: Run) -> Any:
    """Builds the run's network and gives it the trained weights."""
    from .keras_network import as_network

    arrays = run.arrays()
    with quiet_tensorflow():
        built = as_network(run.recipe("model").build(run.spec))
    built.load_arrays(arrays)
    return built


def twin(run: Run) -> Any | None:
    """Builds the framework-free twin of the run's network, or None where there is none."""
    return run.recipe("model").from_arrays(run.spec, run.arrays())
