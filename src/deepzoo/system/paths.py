"""Where deepzoo keeps its files: DEEPZOO_HOME, or the folders the system provides.

* `runs()`: trained models, worth a backup.
* `cache()`: downloads and baselines, which can be made again.
* `data_root()`: DEEPZOO_DATA, the user's own files; deepzoo only reads them.
"""

from __future__ import annotations

import os
from pathlib import Path


def home() -> Path:
    """Returns the folder of everything that is worth keeping."""
    if chosen := _from_environment("DEEPZOO_HOME"):
        return chosen
    import platformdirs

    return Path(platformdirs.user_data_dir("deepzoo", appauthor=False))


def cache() -> Path:
    """Returns the folder of everything that can be made or downloaded again."""
    if chosen := _from_environment("DEEPZOO_HOME"):
        return chosen / "cache"
    import platformdirs

    return Path(platformdirs.user_cache_dir("deepzoo", appauthor=False))


def runs() -> Path:
    """Returns the folder of all runs."""
    return home() / "runs"


def data_root() -> Path | None:
    """Returns the folder with the user's own copies of datasets, or None."""
    return _from_environment("DEEPZOO_DATA")


def _from_environment(name: str) -> Path | None:
    value = os.environ.get(name, "").strip()
    return Path(value).expanduser().absolute() if value else None
