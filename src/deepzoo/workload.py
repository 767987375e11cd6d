"""Workload: the recipes, data, arrays and network of one run, each made when it is needed."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import UsageError
from .interfaces import settings
from .interfaces.recipe import Recipe
from .interfaces.settings import Recipes
from .plugins import registry
from .runs import restore

if TYPE_CHECKING:
    from .data.http import Progress
    from .data.load import Data
    from .interfaces.task import Prepared
    from .networks.devices import Device
    from .runs.folder import RunFolder


@dataclasses.dataclass
class Workload:
    """What a training or an evaluation works on.

    Args:
        recipes: Dataset, kind, task and model with their settings.
        path: The user's own file or folder, or None.
        sample: True asks for the sample, False forbids it, None takes it as a last resort.
        limit: Only the first N training examples, or None.
        seed: Decides weights, order of batches and dropout; never the data.
        given: Data that are in memory already.
        progress: Called with bytes arrived and bytes in all (0: unknown) while a file is fetched.
    """

    recipes: Recipes
    path: Path | None = None
    sample: bool | None = None
    limit: int | None = None
    seed: int = 0
    given: Data | None = None
    progress: Progress | None = None

    @classmethod
    def make(
        cls,
        dataset: str,
        *,
        model: str | None = None,
        task: str | None = None,
        assignments: Mapping[str, Any],
        **options: Any,
    ) -> Workload:
        """Makes the workload of a new run from names and settings; reads no data.

        Raises:
            UnknownNameError: There is no such dataset, task or model.
            UsageError: They do not go together, or a setting is wrong.
        """
        dataset_class = registry.dataset(dataset)
        task_class, model_class = registry.default_task(dataset_class, task, model)
        owners: dict[str, type[Recipe]] = {
            "dataset": dataset_class,
            "kind": dataset_class.kind.options,
            "task": task_class,
            "model": model_class,
        }
        return cls(Recipes(**settings.assign(owners, assignments)), **options)

    @classmethod
    def of_run(cls, run: RunFolder) -> Workload:
        """Makes the workload of an existing run, with the data it was trained on."""
        path = run.data_path
        if run.record.get("data_given") and path is None:
            raise UsageError(
                f"Run {run.id} was trained on data given in Python, which are not kept.",
                "Train again with the data, or use the run's verbs.",
            )
        return cls(
            restore.recipes(run),
            path=path,
            sample=run.data == "sample" or None,
            limit=run.record.get("limit"),
            seed=run.record.get("seed", 0),
        )

    def with_model(self, name: str) -> Workload:
        """Returns the workload of another model with its own defaults on the same question."""
        recipes = dataclasses.replace(self.recipes, model=registry.model(name)())
        return dataclasses.replace(self, recipes=recipes, given=self.data, seed=0)

    @property
    def settings(self) -> dict[str, Any]:
        """All settings, qualified."""
        return settings.qualified(vars(self.recipes))

    @functools.cached_property
    def data(self) -> Data:
        """The data, loaded, cut and checked."""
        if self.given is not None:
            return self.given
        from .data.load import load_data

        return load_data(
            self.recipes.dataset,
            self.recipes.kind,
            path=self.path,
            sample=self.sample,
            limit=self.limit,
            progress=self.progress,
        )

    @functools.cached_property
    def prepared(self) -> Prepared:
        """The arrays for the workload's model; `spec` has batch size and seed."""
        prepared = self.recipes.task.prepare(self.data.splits, self.recipes.model)
        examples = max(len(prepared.train), 1)
        prepared.spec["batch_size"] = min(self.recipes.model.batch_size, examples)
        prepared.spec["seed"] = self.seed
        return prepared

    def build(self, device: Device | None = None) -> Any:
        """Builds the untrained network on a device, from the workload's seed."""
        model = self.recipes.model
        if model.framework != "keras":
            return model.build(self.prepared.spec)
        from .networks.devices import seeded
        from .networks.keras_network import as_network

        with seeded(self.seed), device.scope() if device else contextlib.nullcontext():
            return as_network(model.build(self.prepared.spec))
