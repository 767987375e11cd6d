"""check_task: what a task promises to the trainer, the scores and the command line."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from ..interfaces.model import Model
from ..interfaces.scores import Metric, Scores
from ..interfaces.task import Arrays, Prepared, Task
from ..runs.changes import as_json
from .findings import Findings, check_json, check_recipe, recipe_of
from .trial_runs import dataset_for, make_workload, train, workshop
from .verb_checks import check_answers, check_verbs

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
    findings = Findings()
    with findings.part():
        recipe = recipe_of(findings, task, Task, "task")
        name = type(recipe).__name__
        with findings.part(f"{name} is declared as it should be."):
            check_recipe(findings, recipe, "task")
            _check_declaration(findings, recipe, name)
        source = dataset_for(findings, recipe, dataset)
        with workshop(type(recipe), type(source)):
            check_verbs(findings, type(recipe))
            with findings.part():
                _check_names(findings, recipe, name)
            chosen = recipe_of(findings, model or recipe.default_model, Model, "model")
            with workshop(type(chosen)):
                workload = make_workload(findings, source, recipe, chosen, limit, settings)
                with findings.part():
                    _check_preparation(findings, workload, name)
                run = train(findings, workload)
                with findings.part():
                    _check_scores(findings, workload, run, name)
                check_answers(findings, workload, run)
    return findings.finish()


def _check_declaration(findings: Findings, recipe: Task, name: str) -> None:
    findings.expect(
        recipe.metrics, f"Give {name}.metrics: name to deepzoo.Metric, the main one first."
    )
    for metric, how in recipe.metrics.items():
        findings.expect(
            isinstance(how, Metric) and how.better in ("lower", "higher") and how.help,
            f"{name}.metrics[{metric!r}] must be a deepzoo.Metric('lower' or 'higher', help).",
        )
    strangers = [kind.__name__ for kind in recipe.default_for if kind not in recipe.kinds]
    findings.expect(
        not strangers,
        f"{name} is the default for {strangers}, but does not accept it: add it to {name}.kinds.",
    )
    for plot, draw in recipe.plots.items():
        findings.expect(
            callable(draw), f"{name}.plots[{plot!r}] must be a function (run, *inputs)."
        )


def _check_names(findings: Findings, recipe: Task, name: str) -> None:
    from ..errors import DeepzooError
    from ..plugins import registry

    for model in (recipe.default_model, *recipe.baselines):
        try:
            entry = registry.find("model", model, registry.registered(type(recipe)).distribution)
        except DeepzooError as error:
            findings.expect(False, f"{name} names the model '{model}': {error}")
            continue
        findings.expect(
            entry.cls.task == recipe.name,
            f"{name} names the model '{model}', which serves the task '{entry.cls.task}'.",
        )


def _check_preparation(findings: Findings, workload: Workload, name: str) -> None:
    task, model, splits = workload.recipes.task, workload.recipes.model, workload.data.splits
    with findings.attempt(f"{name}.prepare()"):
        first, second = task.prepare(splits, model), task.prepare(splits, model)
    for part in ("train", "validation"):
        findings.require(
            isinstance(getattr(first, part), Arrays),
            f"{name}.prepare: `{part}` must be deepzoo.Arrays.",
        )
    for part in ("preprocessor", "spec"):
        check_json(findings, getattr(first, part), f"{name}.prepare: `{part}`")
    findings.require(
        _same(first, second),
        f"{name}.prepare gives something else the second time: draw from a generator with a "
        "fixed seed, and make batch() depend on nothing but its indices.",
    )
    findings.checked.append("Preparing twice gives the same arrays, and JSON beside them.")
    with findings.part("Nothing of validation or test goes into the preparation of train."):
        _check_leakage(findings, workload, first, name)
    with findings.part():
        _check_preprocessor(findings, workload, first, name)


def _check_leakage(findings: Findings, workload: Workload, first: Prepared, name: str) -> None:
    task, model, splits = workload.recipes.task, workload.recipes.model, workload.data.splits
    few = splits.train.take([0])
    for part in ("test", "validation"):
        with findings.attempt(f"{name}.prepare() with one {part} example"):
            other = task.prepare(dataclasses.replace(splits, **{part: few}), model)
        if part == "validation":  # the scale of a validation score may be told to the network
            other.spec = first.spec
        findings.expect(
            _same(first, other),
            f"{name}.prepare makes another preprocessor, spec or training split when {part} "
            "changes: fit vocabularies and statistics on the training split only.",
        )


def _check_preprocessor(findings: Findings, workload: Workload, first: Prepared, name: str) -> None:
    """Checks that data are encoded with the preprocessor of a run, and that nothing is fitted."""
    task, model, splits = workload.recipes.task, workload.recipes.model, workload.data.splits
    if not workload.takes_preprocessor:
        findings.checked.append(
            f"Skipped: {name}.prepare takes no preprocessor; runs score their own data only."
        )
        return
    stored = as_json(first.preprocessor)
    half = splits.train.take(range((len(splits.train) + 1) // 2))
    with findings.attempt(f"{name}.prepare() with the preprocessor of a run"):
        again = task.prepare(splits, model, stored)
        other = task.prepare(dataclasses.replace(splits, train=half), model, stored)
    promise = "With the preprocessor of a run it gives the same encoding, and fits nothing."
    with findings.part(promise):
        findings.require(
            _same(first, again),
            f"{name}.prepare encodes the same data in another way with the preprocessor of their "
            "run: make what a run stores enough to encode them again.",
        )
        findings.expect(
            as_json(other.preprocessor) == stored,
            f"{name}.prepare fits something although it is given a preprocessor: "
            "return the one that it was given.",
        )


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
    if hasattr(first, "nnz"):  # a sparse matrix may have more columns than fit in memory
        return first.shape == second.shape and not (first != second).nnz
    return first is second is None or np.array_equal(first, second)


def _check_scores(findings: Findings, workload: Workload, run: Run, name: str) -> None:
    task, prepared = workload.recipes.task, workload.prepared
    if not len(prepared.test):
        findings.checked.append("Skipped: the dataset has no test split to score.")
        return
    with findings.attempt(f"{name}.evaluate()"):
        first, second = (task.evaluate(run.network, prepared.test, prepared) for _ in range(2))
    main = next(iter(task.metrics))
    findings.require(
        isinstance(first, Mapping) and main in first and set(first) <= set(task.metrics),
        f"{name}.evaluate returned {first!r:.60}, expected the metrics it declares, each with "
        f"deepzoo.Scores: {', '.join(task.metrics)}.",
    )
    counts = {len(prepared.test), len(workload.data.splits.test)}
    with findings.part("Its scores are one finite value per example, the same each time."):
        for metric, scores in first.items():
            with findings.part():
                where = f"{name}.evaluate: {metric!r}"
                of = task.metrics[metric].of
                right = () if of else counts
                _check_metric(findings, scores, second[metric], right, where, metric == main)
    beside = set(run.baselines)
    missing = set(task.baselines) - {workload.recipes.model.name} - beside
    names = ", ".join(sorted(beside)) or "it names none"
    with findings.part(f"Baselines stand beside the score: {names}."):
        findings.expect(
            not missing, f"{name}: no score of the baselines {sorted(missing)} was stored."
        )


def _check_metric(
    findings: Findings,
    scores: Any,
    second: Any,
    counts: Collection[int],
    where: str,
    needed: bool,
) -> None:
    """Checks the scores of one metric.

    Args:
        findings: What is found.
        scores: The scores.
        second: The same, measured again.
        counts: The numbers of values that are right.
        where: What they are, for messages.
        needed: Whether they may not be undefined.
    """
    import numpy as np

    values = np.asarray(scores.values) if isinstance(scores, Scores) else np.zeros(())
    finite = values.ndim == 1 and len(values) and not np.isinf(values).any()
    findings.require(
        finite and not (needed and np.isnan(values).all()),
        f"{where} must be deepzoo.Scores, a finite value per example (NaN where undefined).",
    )
    beside = (scores.weights, scores.groups)
    findings.expect(
        not counts or len(values) in counts,
        f"{where} has {len(values)} values for {max(counts, default=0)} test examples: give one "
        "for each, or say what they are of, `Metric(..., of='generated texts')`.",
    )
    findings.expect(
        all(part is None or np.shape(part) == values.shape for part in beside),
        f"{where} must have as many weights and groups as values.",
    )
    findings.expect(
        np.array_equal(values, second.values, equal_nan=True),
        f"{where} differs the second time: draw from a generator with a fixed seed.",
    )
