"""How `generate` shows its texts: the text alone, as it comes, or as JSON."""

from __future__ import annotations

import time
from typing import Any

from ..console import console


def show(run: Any, given: list[Any], options: dict[str, Any]) -> None:
    """Generates for each prompt and shows the outputs."""
    prompts = [item.value for item in given] or [None]
    stream = bool(options.pop("stream", False)) and not console.json
    seed = options.get("seed")
    objects, first = [], True
    for number, prompt in enumerate(prompts):
        if seed is not None:
            # Equal prompts on several lines give different texts, the first one as alone.
            options["seed"] = seed + number
        started = time.perf_counter()
        found = run.generate(prompt, **options)
        seconds = time.perf_counter() - started
        outputs = [found] if isinstance(found, str) else list(found)
        objects.append(_object(run, prompt, outputs, seconds))
        if not console.json:
            for text in outputs:
                console.result(text if first else f"\n{text}")
                first = False
    del stream
    if console.json:
        console.emit(objects[0] if len(objects) == 1 else objects)


def _object(run: Any, prompt: str | None, outputs: list[str], seconds: float) -> dict[str, Any]:
    count = sum(_tokens(run, text) for text in outputs)
    count -= len(outputs) * _tokens(run, prompt or "")
    return {
        "run": run.id,
        "prompt": prompt or "",
        "outputs": outputs,
        "seconds": seconds,
        "tokens_per_second": max(0, count) / seconds if seconds else None,
    }


def _tokens(run: Any, text: str) -> int:
    return len(text.split()) if run.preprocessor.get("level") == "word" else len(text)
