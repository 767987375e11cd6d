"""Published samples, and what our run says to the same prompt."""

from __future__ import annotations

import inspect
from typing import Any

from ..console import console


def beside(run: Any) -> list[dict[str, Any]]:
    """Lists the published samples of a run's dataset and model, ours beside them.

    Args:
        run: A run; on sample data nothing is comparable.
    """
    from ..published import samples_beside

    if run.data == "sample":
        return []
    task = run.recipe("task")
    verb = type(task).verbs().get("generate")
    rows = []
    for one in samples_beside(run.settings, (run.dataset, run.model)):
        row = {"prompt": one.prompt, "when": dict(one.when), "published": one.output}
        row["ours"] = task.answer_as_published(one, run)
        if row["ours"] is None and verb is not None:
            known = inspect.signature(verb).parameters
            options = {key: value for key, value in one.when.items() if key in known}
            row["ours"] = run.generate(one.prompt, **{"seed": 0, **options})
        rows.append(row)
    return rows


def show(rows: list[dict[str, Any]]) -> None:
    """Shows published samples and ours, one after the other."""
    from . import facts

    for row in rows:
        when = f" ({facts.text(row['when'])})" if row["when"] else ""
        prompt = f": {row['prompt']}" if row["prompt"] else ""
        console.heading(f"\nsample{when}{prompt}")
        console.result(f"published: {row['published']}")
        if row["ours"] is not None:
            console.result(f"ours:      {row['ours']}")
