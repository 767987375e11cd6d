"""Workload: the recipes, data, arrays and network of one run, each made when it is needed."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import inspect
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import DataError, PluginError, UsageError
from .interfaces import settings
from .interfaces.example import Example
from .interfaces.recipe import Recipe
from .interfaces.settings import Recipes
from .interfaces.task import Prepared
from .plugins import registry
from .plugins.calls import calling, described
from .runs import changes, restore

if TYPE_CHECKING:
    from .data.download import Progress
    from .data.load import Data
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
        seed: Determines initial weights, order of batches and dropout; never the data.
        given: Data that are in memory already.
        run: The run that it belongs to: inputs are encoded with its preprocessor.
        any_data: Accept data that the run was not trained on.
        progress: Called with bytes arrived and bytes in all (0: unknown) while a file is fetched.
        chosen: Settings of the model that the user chose; None takes all others as they are, too.
        start_from: The run from whose weights the training starts, or None.
        fitted: Settings that were chosen by the amount of data, once they are `prepared`.
    """

    recipes: Recipes
    path: Path | None = None
    sample: bool | None = None
    limit: int | None = None
    seed: int = 0
    given: Data | None = None
    progress: Progress | None = None
    run: RunFolder | None = None
    any_data: bool = False
    chosen: frozenset[str] | None = None
    start_from: RunFolder | None = None
    fitted: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @classmethod
    def make(
        cls,
        dataset: str,
        *,
        model: str | None = None,
        task: str | None = None,
        assignments: Mapping[str, Any],
        start_from: RunFolder | None = None,
        **options: Any,
    ) -> Workload:
        """Makes the workload of a new run from names and settings; reads no data.

        Args:
            dataset: Name of the dataset.
            model: Name of the model.
            task: Name of the task, where several fit.
            assignments: Settings by plain or qualified key.
            start_from: A run that decides the model, and those of its own settings that are not
                in `assignments`: the architecture, whose weights are taken over.
            **options: Other fields of the workload.

        Raises:
            UnknownNameError: There is no such dataset, task or model.
            UsageError: They do not go together, or a setting is wrong.
        """
        dataset_class = registry.dataset(dataset)
        task_class, model_class = registry.default_task(dataset_class, task, model)
        stored: dict[str, Any] = {}
        if start_from is not None:
            if start_from.task != task_class.name:
                raise UsageError(
                    f"Run {start_from.id} is of the task '{start_from.task}', "
                    f"expected '{task_class.name}'."
                )
            if model is None:
                model_class = restore.find_class(start_from, "model")
            if start_from.model == model_class.name:
                own = [f"model.{name}" for name in model_class.own_settings()]
                stored = {
                    key: start_from.settings[key] for key in own if key in start_from.settings
                }
        owners: dict[str, type[Recipe]] = {
            "dataset": dataset_class,
            "kind": dataset_class.kind.options,
            "task": task_class,
            "model": model_class,
        }
        keys = [settings.resolve(owners, key) for key in assignments]
        chosen = {name for owner, name in keys if owner == "model"}
        chosen |= {key.removeprefix("model.") for key in stored}
        return cls(
            Recipes(**settings.assign(owners, assignments, stored)),
            chosen=frozenset(chosen),
            start_from=start_from,
            **options,
        )

    @classmethod
    def of_run(cls, run: RunFolder, data: Any = None, *, any_data: bool = False) -> Workload:
        """Makes the workload of an existing run.

        Args:
            run: The run.
            data: Where its data are now, or the data themselves; by default where they were.
            any_data: Accept data that the run was not trained on.

        Raises:
            DataError: The run's own data are missing, or others than before.
        """
        from .data.locate import named_path

        named = isinstance(data, (str, Path))
        if data is None:
            changes.refuse_changed_files(run)
        workload = cls(
            restore.recipes(run),
            path=named_path(data) if named else run.data_path if data is None else None,
            sample=run.data == "sample" and data is None,
            limit=run.record.get("limit"),
            seed=run.record.get("seed", 0),
            run=run,
            any_data=any_data,
        )
        if data is not None and not named:
            from .data.in_memory import given_data

            recipes = workload.recipes
            workload.given = given_data(recipes.dataset, recipes.kind, data, workload.limit)
        return workload

    def with_model(self, name: str) -> Workload:
        """Returns the workload of another model, with its defaults, on the same task and data."""
        near = registry.registered(type(self.recipes.task)).distribution
        model = registry.find("model", name, near).cls()
        recipes = dataclasses.replace(self.recipes, model=model)
        return dataclasses.replace(
            self, recipes=recipes, given=self.data, seed=0, run=None, chosen=None
        )

    @property
    def settings(self) -> dict[str, Any]:
        """All settings, qualified."""
        return settings.qualified(vars(self.recipes))

    @functools.cached_property
    def data(self) -> Data:
        """The data, loaded, cut and checked."""
        from .data.load import load_data
        from .data.locate import reads_own_files

        data = self.given or load_data(
            self.recipes.dataset,
            self.recipes.kind,
            path=self.path,
            sample=self.sample,
            limit=self.limit,
            progress=self.progress,
        )
        if self.run is not None and (self.given or reads_own_files(self.recipes.dataset)):
            changes.refuse_random_splits(self.run, data)
        if self.run is not None and not self.any_data:
            changes.refuse_changed_data(self.run, data)
        return data

    @property
    def fine_tuning(self) -> bool:
        """Whether it starts from the weights of a run that can help with its data."""
        model, source = self.recipes.model, self.start_from
        if source is None:
            return False
        with calling(model, "can_start_from"):
            return model.can_start_from(source.preprocessor, self.data.splits.train)

    @functools.cached_property
    def prepared(self) -> Prepared:
        """The arrays for the workload's model; `spec` has batch size and seed."""
        splits = self.data.splits
        self._fit_defaults(splits.train)
        task, model = self.recipes.task, self.recipes.model
        with calling(task, "prepare"):
            if self.run is None:
                prepared = task.prepare(splits, model)
            else:
                prepared = self._prepare_as_trained(self.run)
        if not isinstance(prepared, Prepared):
            raise PluginError(
                f"{described(task)}: prepare must return deepzoo.Prepared; "
                f"received: {prepared!r:.80}."
            )
        examples = max(len(prepared.train), 1)
        prepared.spec["batch_size"] = min(model.batch_size, examples)
        prepared.spec["seed"] = self.seed
        if isinstance(prepared.spec, Example) and len(prepared.train):
            import numpy as np

            first = prepared.train.batch(np.array([0]))
            prepared.spec.check_batch(first, f"{described(task)}, prepare")
        return prepared

    def _fit_defaults(self, train: Any) -> None:
        """Takes the settings that suit the amount of data, where the user chose none."""
        model = self.recipes.model
        if self.chosen is None:
            return
        with calling(model, "defaults_for"):
            suited = model.defaults_for(train, self.fine_tuning)
        self.fitted = {name: suited[name] for name in suited if name not in self.chosen}
        if self.fitted:
            model = settings.validate(dataclasses.replace(model, **self.fitted), "model")
            self.recipes = dataclasses.replace(self.recipes, model=model)

    @property
    def takes_preprocessor(self) -> bool:
        """Whether the task encodes with a preprocessor that it is given."""
        return "preprocessor" in inspect.signature(self.recipes.task.prepare).parameters

    def build(self, device: Device | None = None) -> Any:
        """Builds the untrained network on a device, from the workload's seed."""
        model = self.recipes.model
        spec = self.prepared.spec
        if model.framework != "keras":
            return restore.build(model, spec)
        from .networks.devices import seeded

        with seeded(self.seed), device.scope() if device else contextlib.nullcontext():
            network = restore.build(model, spec)
        shape = getattr(getattr(network, "model", None), "output_shape", None)
        if isinstance(spec, Example) and isinstance(shape, tuple):
            spec.check_outputs(shape[1:], f"{described(model)}, build")
        return network

    def _prepare_as_trained(self, run: RunFolder) -> Prepared:
        """Encodes the data with the preprocessor of a run."""
        task, splits = self.recipes.task, self.data.splits
        if self.takes_preprocessor:
            return task.prepare(splits, self.recipes.model, run.preprocessor)
        prepared = task.prepare(splits, self.recipes.model)
        change = changes.difference(run.preprocessor, changes.as_json(prepared.preprocessor))
        if change:
            raise DataError(
                f"Data of {run.id} would be encoded in another way than in its training, "
                f"and {type(task).__name__}.prepare takes no preprocessor: {change}.",
                "Use the data that the run was trained on, or train a new run on these.",
            )
        return prepared
