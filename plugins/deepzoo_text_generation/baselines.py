"""The baselines of text generation: ordinary models without Keras, fitted in closed form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from deepzoo import Model, setting

if TYPE_CHECKING:
    from .compression import XZNetwork
    from .ngrams import NGramNetwork


class _Baseline(Model):
    """What the three have in common: one pass over the training text, no steps."""

    task: ClassVar[str] = "text-generation"
    framework: ClassVar[str] = "numpy"

    level: ClassVar[str] = "character"

    epochs: int = setting(1, "one: counted, not trained")


class Unigram(_Baseline):
    """Predicts each character by how often it occurs, whatever came before."""

    name = "unigram"

    def build(self, spec: Mapping[str, Any]) -> NGramNetwork:
        """Builds a network that counts single characters."""
        from .ngrams import NGramNetwork

        return NGramNetwork(spec["vocabulary"], 1, spec.get("separator", 0))


class CharSixGram(_Baseline):
    """Predicts each character from the five before it, mixed with what fewer of them say."""

    name = "char-6gram"

    smoothing: Literal["kneser-ney", "witten-bell"] = setting(
        "kneser-ney", "how counts of long and short contexts are mixed"
    )

    def build(self, spec: Mapping[str, Any]) -> NGramNetwork:
        """Builds a network that counts runs of up to six characters."""
        from .ngrams import NGramNetwork

        return NGramNetwork(spec["vocabulary"], 6, spec.get("separator", 0), self.smoothing)


class XZ(_Baseline):
    """The compressor xz: the bits that a document adds to the compressed training text."""

    name = "xz"

    def build(self, spec: Mapping[str, Any]) -> XZNetwork:
        """Builds a network that keeps the training text and compresses."""
        from .compression import XZNetwork

        return XZNetwork(spec["vocabulary"], spec.get("separator", 0))


BASELINES: tuple[type[Model], ...] = (Unigram, CharSixGram, XZ)
