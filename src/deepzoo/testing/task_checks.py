"""check_task: what a task promises to the trainer, the scores and the command line."""

from __future__ import annotations

import dataclasses
import inspect
from typing import TYPE_CHECKING, Any

from ..interfaces import arguments
from ..interfaces.model import Model
from ..interfaces.scores import Metric, Scores
from ..interfaces.task import Arrays, Prepared, Task
from ..runs.changes import as_json
from .assertions import attempt, check_json, check_recipe, expect, recipe_of
from .trial_runs import dataset_for, make_workload, train, workshop

if TYPE_CHECKING:
    from ..run import Run
    from ..workload import Workload


def check_task(
    task: type[Task] | Task | str,
    *,
    dataset: Any = None,
    model: type[Model] | Model | str | None = None,
    limit: int | None = 200,
    **settings: Any,
) -> list[str]:
    """Checks a task: declaration, preparation, scores, baselines and verbs.

    Args:
        task: The class, an instance, or a registered name.
        dataset: What to train on; by default any registered dataset of the task's kind.
        model: What to train; by default the task's default model.
        limit: Number of training examples or documents.
        **settings: Settings of model, task or dataset that make the check fast.

    Returns:
        What was checked, a sentence each.

    Raises:
        AssertionError: A promise is broken; the sentence says what to do.
    """
    recipe = recipe_of(task, Task, "task")
    name = type(recipe).__name__
    check_recipe(recipe, "task")
    _check_declaration(recipe, name)
    source = dataset_for(recipe, dataset)
    checked = [f"{name} is declared as it should be.", *_check_verbs(type(recipe))]
    with workshop(type(recipe), type(source)):
        chosen = recipe_of(model or recipe.default_model, Model, "model")
        with workshop(type(chosen)):
            _check_names(recipe, name)
            workload = make_workload(source, recipe, chosen, limit, settings)
            checked += _check_preparation(workload, name)
            run = train(workload)
            checked += _check_scores(workload, run, name)
    return checked


def _check_declaration(recipe: Task, name: str) -> None:
    expect(recipe.metrics, f"Give {name}.metrics: name to deepzoo.Metric, the main one first.")
    for metric, how in recipe.metrics.items():
        expect(
            isinstance(how, Metric) and how.better in ("lower", "higher") and how.help,
            f"{name}.metrics[{metric!r}] must be a deepzoo.Metric('lower' or 'higher', help).",
        )
    strangers = [kind.__name__ for kind in recipe.default_for if kind not in recipe.kinds]
    expect(
        not strangers,
        f"{name} is the default for {strangers}, but does not accept it: add it to {name}.kinds.",
    )
    for plot, draw in recipe.plots.items():
        expect(callable(draw), f"{name}.plots[{plot!r}] must be a function (run, *inputs).")


def _check_names(recipe: Task, name: str) -> None:
    from ..errors import DeepzooError
    from ..plugins import registry

    for model in (recipe.default_model, *recipe.baselines):
        try:
            entry = registry.find("model", model, registry.registered(type(recipe)).distribution)
        except DeepzooError as error:
            raise AssertionError(f"{name} names the model '{model}': {error}") from error
        expect(
            entry.cls.task == recipe.name,
            f"{name} names the model '{model}', which serves the task '{entry.cls.task}'.",
        )


def _check_verbs(cls: type[Task]) -> list[str]:
    from ..cli.verbs import build

    for verb, method in cls.verbs().items():
        where = f"{cls.__name__}.{verb}"
        expect(method.__doc__, f"Give {where} a docstring: its first line is the command's help.")
        for option in inspect.signature(method).parameters.values():
            if option.kind is option.KEYWORD_ONLY:
                expect(
                    option.default is not option.empty and option.annotation is not option.empty,
                    f"{where}: the option `{option.name}` needs a type and a default.",
                )
                _check_refusals(where, option.name, arguments.hints_of(method))
        with attempt(f"Making a command of {where}", "Import the types of its options at the top."):
            build(verb, cls, 0)
    verbs = ", ".join(cls.verbs())
    return [f"Its verbs are commands: {verbs}."] if verbs else ["Skipped: it has no verbs."]


def _check_refusals(where: str, option: str, hints: dict[str, Any]) -> None:
    """Checks that values of a wrong type and out of range can be told from right ones."""
    expect(
        option in hints,
        f"{where}: the type of the option `{option}` cannot be read: import it at the top.",
    )
    annotation = hints[option]
    low, _ = arguments.limits(getattr(annotation, "__metadata__", ()))
    expect(
        low is not None or "a whole number" not in arguments.expected(annotation),
        f"{where}: say which numbers the option `{option}` takes: "
        f"`{option}: Annotated[int, typer.Option(min=...)]`.",
    )
    for value in misfits(annotation):
        try:
            arguments.check_value(annotation, value)
        except ValueError:
            continue
        raise AssertionError(f"{where}: the option `{option}` takes {value!r}: give it a type.")


def misfits(annotation: Any) -> list[Any]:
    """Returns values that an annotation does not allow: of other types, and out of range."""
    low, high = arguments.limits(getattr(annotation, "__metadata__", ()))
    values: list[Any] = [b"text", {}]
    if low is not None:
        values.append(low - 1)
    if high is not None:
        values.append(high + 1)
    if "number" in arguments.expected(annotation):
        values += ["three", True, float("nan")]
    return [*values, 1.5] if "whole" in arguments.expected(annotation) else values


def _check_preparation(workload: Workload, name: str) -> list[str]:
    task, model, splits = workload.recipes.task, workload.recipes.model, workload.data.splits
    with attempt(f"{name}.prepare()"):
        first, second = task.prepare(splits, model), task.prepare(splits, model)
    for prepared in (first, second):
        expect(isinstance(prepared, Prepared), f"{name}.prepare must return deepzoo.Prepared.")
        for part in ("train", "validation"):
            expect(
                isinstance(getattr(prepared, part), Arrays),
                f"{name}.prepare: `{part}` must be deepzoo.Arrays.",
            )
    check_json(first.preprocessor, f"{name}.prepare: `preprocessor`")
    check_json(first.spec, f"{name}.prepare: `spec`")
    expect(
        _same(first, second),
        f"{name}.prepare gives something else the second time: draw from a generator with a "
        "fixed seed, and make batch() depend on nothing but its indices.",
    )
    few = splits.train.take([0])
    for part in ("test", "validation"):
        with attempt(f"{name}.prepare() with one {part} example"):
            other = task.prepare(dataclasses.replace(splits, **{part: few}), model)
        if part == "validation":  # the scale of a validation score may be told to the network
            other.spec = first.spec
        expect(
            _same(first, other),
            f"{name}.prepare makes another preprocessor, spec or training split when {part} "
            "changes: fit vocabularies and statistics on the training split only.",
        )
    checked = _check_preprocessor(workload, first, name)
    return [
        *checked,
        "Preparing twice gives the same arrays, and JSON beside them.",
        "Nothing of validation or test goes into the preparation of the training split.",
    ]


def _check_preprocessor(workload: Workload, first: Prepared, name: str) -> list[str]:
    """Checks that data are encoded with the preprocessor of a run, and that nothing is fitted."""
    task, model, splits = workload.recipes.task, workload.recipes.model, workload.data.splits
    if not workload.takes_preprocessor:
        return [f"Skipped: {name}.prepare takes no preprocessor; runs score their own data only."]
    stored = as_json(first.preprocessor)
    half = splits.train.take(range((len(splits.train) + 1) // 2))
    with attempt(f"{name}.prepare() with the preprocessor of a run"):
        again = task.prepare(splits, model, stored)
        other = task.prepare(dataclasses.replace(splits, train=half), model, stored)
    expect(
        _same(first, again),
        f"{name}.prepare encodes the same data in another way with the preprocessor of their run: "
        "make what a run stores enough to encode them again.",
    )
    expect(
        as_json(other.preprocessor) == stored,
        f"{name}.prepare fits something although it is given a preprocessor: "
        "return the one that it was given.",
    )
    return ["With the preprocessor of a run it gives the same encoding, and fits nothing."]


def _same(first: Prepared, second: Prepared) -> bool:
    import numpy as np

    if as_json([first.preprocessor, first.spec]) != as_json([second.preprocessor, second.spec]):
        return False
    if len(first.train) != len(second.train):
        return False
    indices = np.arange(min(len(first.train), 8))
    batches = [part.train.batch(indices) for part in (first, first, second)]
    return all(_equal(batches[0], batch) for batch in batches[1:])


def _equal(first: Any, second: Any) -> bool:
    import numpy as np

    if isinstance(first, tuple):
        return len(first) == len(second) and all(map(_equal, first, second))
    return first is second is None or np.array_equal(first, second)


def _check_scores(workload: Workload, run: Run, name: str) -> list[str]:
    import numpy as np

    if not len(workload.prepared.test):
        return ["Skipped: the dataset has no test split to score."]
    task = workload.recipes.task
    with attempt(f"{name}.evaluate()"):
        first, second = (
            task.evaluate(run.network, workload.prepared.test, workload.prepared) for _ in range(2)
        )
    main = next(iter(task.metrics))
    expect(
        main in first and set(first) <= set(task.metrics),
        f"{name}.evaluate returned {sorted(first)}, expected the metrics it declares: "
        f"{', '.join(task.metrics)}.",
    )
    for metric, scores in first.items():
        values = np.asarray(scores.values) if isinstance(scores, Scores) else np.zeros(())
        expect(
            values.ndim == 1
            and len(values)
            and (np.isfinite(values).all() or (metric != main and np.isnan(values).all())),
            f"{name}.evaluate: {metric!r} must be deepzoo.Scores, a finite value per example.",
        )
        expect(
            all(
                part is None or np.shape(part) == values.shape
                for part in (scores.weights, scores.groups)
            ),
            f"{name}.evaluate: {metric!r} must have as many weights and groups as values.",
        )
        expect(
            np.array_equal(values, second[metric].values, equal_nan=True),
            f"{name}.evaluate scores {metric!r} differently the second time: "
            "draw from a generator with a fixed seed.",
        )
    beside = set(run.baselines)
    missing = set(task.baselines) - {workload.recipes.model.name} - beside
    expect(not missing, f"{name}: no score of the baselines {sorted(missing)} was stored.")
    return [
        "Its scores are one finite value per example, the same each time.",
        f"Baselines stand beside the score: {', '.join(sorted(beside)) or 'it names none'}.",
    ]
