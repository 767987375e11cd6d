"""Shows plain data as lines of `name  value`, whatever is in them."""

from __future__ import annotations

from typing import Any, TypeGuard

from .console import console

WIDE = 100
"""Rows longer than this are unreadable as a table."""


def show(row: dict[str, Any], leave_out: tuple[str, ...] = (), indent: str = "") -> None:
    """Shows the items of `row` that are not empty; lists of objects become tables."""
    row = {key: value for key, value in row.items() if key not in leave_out and filled(value)}
    width = max((len(key) for key in row), default=0)
    for key, value in row.items():
        label = f"{indent}{key:<{width}}"
        if isinstance(value, dict) and len(value) > 1:
            console.result(f"{indent}{key}")
            show(value, indent=indent + "  ")
        elif _is_table(value):
            console.result(f"{indent}{key}")
            if any(len(text(row)) > WIDE for row in value):
                for row in value:
                    show(row, indent=indent + "  ")
            else:
                table(value)
        elif isinstance(value, list) and len(text(value)) > 50:
            console.result(f"{indent}{key}")
            for item in value:
                console.result(f"{indent}  {text(item)}")
        else:
            console.result(f"{label}  {text(value)}")


def table(rows: list[dict[str, Any]]) -> None:
    """Shows objects with the same keys as a table."""
    keys = [key for key in rows[0] if any(filled(row.get(key)) for row in rows)]
    numbers = [
        column
        for column, key in enumerate(keys)
        if all(type(row.get(key)) in (int, float, type(None)) for row in rows)
    ]
    cells = [[text(row.get(key)) for key in keys] for row in rows]
    console.table([key.upper().replace("_", " ") for key in keys], cells, numbers)


def text(value: Any) -> str:
    """Writes a value in one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return ""
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, dict):
        return ", ".join(f"{key}={text(item)}" for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(text(item) for item in value)
    # Blanks and line ends would be invisible.
    return repr(value) if isinstance(value, str) and value != value.strip() else str(value)


def filled(value: Any) -> bool:
    """Tells whether there is something to show; 0 and false are something."""
    return value is not None and value not in ("", [], (), {})


def _is_table(value: Any) -> TypeGuard[list[dict[str, Any]]]:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)
