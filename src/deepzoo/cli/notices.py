"""What is wrong with plugins, said once per command."""

from __future__ import annotations

import sys

from ..console import console


def show_plugin_warnings() -> None:
    """Shows what is wrong with plugins, if the command has loaded any."""
    module = sys.modules.get("deepzoo.plugins")
    if module is not None and module.load_plugins.cache_info().currsize:
        for line in module.warnings():
            console.warn(line)
