"""The trained runs that come with this plugin, with the hash of each of their files."""

from __future__ import annotations

from deepzoo import Shipped

SHIPPED: dict[str, Shipped] = {}
