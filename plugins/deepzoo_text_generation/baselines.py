"""The baselines of text generation: models without Keras, fitted in one pass over the text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from deepzoo import Model, setting

if TYPE_CHECKING:
    from .baseline_networks import NGramNetwork, XZNetwork


class _Baseline(Model):
    """What the three have in common: one pass over the training text, no steps."""

    task: ClassVar[str] = "text-generation"
    framework: ClassVar[str] = "numpy"
    training_settings: ClassVar[tuple[str, ...] | None] = ()
    level: ClassVar[str] = "character"


class Unigram(_Baseline):
    """Predicts each character by its frequency, whatever came before."""

    name = "unigram"

    def build(self, spec: Mapping[str, Any]) -> NGramNetwork:
        """Builds a network that counts single characters."""
        from .baseline_networks import NGramNetwork

        return NGramNetwork(spec["vocabulary"], 1, spec.get("separator", 0))


class CharSixGram(_Baseline):
    """Predicts each character from the five before it, interpolated with shorter contexts."""

    name = "char-6gram"

    smoothing: Literal["kneser-ney", "witten-bell"] = setting(
        "kneser-ney", "how long and short contexts are interpolated"
    )

    def build(self, spec: Mapping[str, Any]) -> NGramNetwork:
        """Builds a network that counts runs of up to six characters."""
        from .baseline_networks import NGramNetwork

        return NGramNetwork(spec["vocabulary"], 6, spec.get("separator", 0), self.smoothing)


class XZ(_Baseline):
    """The compressor xz: the bits that a document adds to the compressed training text."""

    name = "xz"

    def build(self, spec: Mapping[str, Any]) -> XZNetwork:
        """Builds a network that keeps the training text and compresses."""
        from .baseline_networks import XZNetwork

        return XZNetwork(spec["vocabulary"], spec.get("separator", 0))


BASELINES: tuple[type[Model], ...] = (Unigram, CharSixGram, XZ)
