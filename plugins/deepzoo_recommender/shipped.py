"""The trained runs that come with this plugin; written by `deepzoo runs ship`."""

from __future__ import annotations

from deepzoo import Shipped

SHIPPED: tuple[Shipped, ...] = ()
