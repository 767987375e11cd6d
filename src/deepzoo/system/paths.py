"""Where deepzoo keeps things: DEEPZOO_HOME, or the folders the system has for it.

* `runs()`: trained models, worth a backup.
* `cache()`: downloads and baselines, can be made again.
* `data_root()`: DEEPZOO_DATA, files that the user placed; deepzoo only reads them.
"""

from __future__ import annotations

import os
from pathlib import Path

APPLICATION = "deepzoo"


def home() -> Path:
    """Returns the folder of everything that is worth keeping."""
    chosen = _from_environment("DEEPZOO_HOME")
    if chosen:
        return chosen
    import platformdirs

    return Path(platformdirs.user_data_dir(APPLICATION, appauthor=False))


def cache() -> Path:
    """Returns the folder of everything that can be made or downloaded again."""
    chosen = _from_environment("DEEPZOO_HOME")
    if chosen:
        return chosen / "cache"
    import platformdirs

    return Path(platformdirs.user_cache_dir(APPLICATION, appauthor=False))


def runs() -> Path:
    """Returns the folder with one folder per dataset and run."""
    return home() / "runs"


def data_root() -> Path | None:
    """Returns the folder with the user's own copies of datasets, or None."""
    return _from_environment("DEEPZOO_DATA")


def _from_environment(name: str) -> Path | None:
    value = os.environ.get(name, "").strip()
    return Path(value).expanduser().absolute() if value else None
