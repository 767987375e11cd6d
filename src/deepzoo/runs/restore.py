"""From a run's JSON and arrays back to recipes and networks, through the registry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import CheckpointError, PluginError, UnknownNameError
from ..interfaces import settings
from ..interfaces.network import Network
from ..interfaces.settings import Recipes
from ..plugins import registry
from ..plugins.calls import calling, described
from .formats import WEIGHTS

if TYPE_CHECKING:
    import numpy as np

    from ..interfaces.example import Example
    from ..interfaces.model import Model
    from .folder import RunFolder


def find_class(run: RunFolder, owner: str) -> type[Any]:
    """Finds the class of the run's `dataset`, `kind`, `task` or `model`.

    Raises:
        PluginError: The plugin that the run was made with is not installed, or broken.
    """
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


def recipe(run: RunFolder, owner: str) -> Any:
    """Makes the run's `dataset`, `kind` settings, `task` or `model` with its settings."""
    own = {key: value for key, value in run.settings.items() if key.startswith(f"{owner}.")}
    return settings.restore({owner: find_class(run, owner)}, own)[owner]


def recipes(run: RunFolder) -> Recipes:
    """Makes all four recipes of a run."""
    return Recipes(*(recipe(run, owner) for owner in ("dataset", "kind", "task", "model")))


def weights(run: RunFolder) -> dict[str, np.ndarray]:
    """Reads the run's weights; those that were stored in half precision become float32.

    Raises:
        CheckpointError: There are none, or they are damaged.
    """
    from ..networks.weights import load_arrays

    path = run.path / WEIGHTS
    if not path.exists():
        hint = f"Finish it: deepzoo resume {run.id}" if run.status == "interrupted" else ""
        raise CheckpointError(f"Run {run.id} has no {WEIGHTS}; its status is {run.status}.", hint)
    run.check_hash(WEIGHTS)
    return {
        name: array.astype("float32") if array.dtype == "float16" else array
        for name, array in load_arrays(path).items()
    }


def network(run: RunFolder) -> Any:
    """Builds the run's network and gives it the trained weights."""
    from ..networks.silence import check_backend, quiet_tensorflow

    model = recipe(run, "model")
    if model.framework == "keras":
        check_backend()
    arrays = weights(run)
    with quiet_tensorflow():
        built = build(model, run.spec)
    built.load_arrays(arrays)
    return built


def build(model: Model, spec: Example) -> Any:
    """Builds the untrained network of a model; a `keras.Model` is wrapped.

    Raises:
        PluginError: What was built is no network.
    """
    from ..networks.keras_network import as_network

    with calling(model, "build"):
        built = model.build(spec)
    if not isinstance(built, Network) and not hasattr(built, "count_params"):
        raise PluginError(
            f"{described(model)}: build must return a keras.Model, or an object with predict, "
            f"arrays and load_arrays; received: {built!r:.80}."
        )
    return as_network(built)


def numpy_network(run: RunFolder) -> Any | None:
    """Builds the run's network in NumPy alone, or returns None where its model has none."""
    model, arrays = recipe(run, "model"), weights(run)
    with calling(model, "from_arrays"):
        return model.from_arrays(run.spec, arrays)
