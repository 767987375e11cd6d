"""Checks who may import whom: the layers of the core, and the walls around the plugins.

The contracts are made from the code itself, so that every room and every built-in plugin
is held by them: a new room has to be given its layer, a new plugin needs no line here.
Imports for type checkers alone do not count.
"""

from __future__ import annotations

import json
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
CORE = ROOT / "src" / "deepzoo"

# From top to bottom; rooms of one line do not know each other.
LAYERS = (
    "testing",
    "cli",
    "api",
    "run",
    "training",
    "evaluation",
    "workload",
    "data | runs",
    "plugins | readers | sampling",
    "interfaces",
    "feedforward | figures | networks | recurrent | system",
    "errors",
)
# What plugins may import beside `deepzoo` itself.
PUBLIC = ("errors", "feedforward", "figures", "readers", "recurrent", "sampling", "testing")


def rooms() -> list[str]:
    """Lists the modules and packages directly inside the core."""
    found = (path.stem for path in CORE.iterdir() if path.suffix == ".py" or path.is_dir())
    return sorted(name for name in found if not name.startswith("_"))


def contracts(plugins: list[str]) -> list[dict[str, Any]]:
    """Returns the contracts in the form of import-linter."""
    return [
        {
            "name": "The core is built in layers",
            "type": "layers",
            "containers": ["deepzoo"],
            "layers": list(LAYERS),
            "exhaustive": True,
            "exhaustive_ignores": ["__main__"],
        },
        {
            "name": "The core knows no plugin",
            "type": "forbidden",
            "source_modules": ["deepzoo"],
            "forbidden_modules": plugins,
        },
        {
            "name": "Plugins do not know each other",
            "type": "independence",
            "modules": plugins,
        },
        {
            "name": "Plugins use what is public",
            "type": "forbidden",
            "source_modules": plugins,
            "forbidden_modules": [f"deepzoo.{name}" for name in rooms() if name not in PUBLIC],
            "allow_indirect_imports": True,
        },
    ]


def main() -> int:
    """Runs import-linter on the contracts; returns its exit code."""
    from importlinter.cli import lint_imports

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    plugins = sorted(project["entry-points"]["deepzoo"].values())
    lines = ["[tool.importlinter]", f"root_packages = {json.dumps(['deepzoo', *plugins])}"]
    lines.append("exclude_type_checking_imports = true")
    for contract in contracts(plugins):
        lines.append("[[tool.importlinter.contracts]]")
        lines += [f"{key} = {json.dumps(value)}" for key, value in contract.items()]
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "contracts.toml"
        config.write_text("\n".join(lines), encoding="utf-8")
        return lint_imports(config_filename=str(config), no_cache=True)


if __name__ == "__main__":
    sys.exit(main())
