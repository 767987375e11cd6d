"""Baselines: independent pixels, a mixture of them, and the nearest training images."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from annotated_types import Ge, Gt

from deepzoo import Model, setting

if TYPE_CHECKING:
    from .numpy_baselines import Mixture, NearestNeighbours


class PixelBaseline(Model):
    """Base of the baselines: they are fitted at once, and do not look at classes."""

    task: ClassVar[str] = "pixel-generation"
    framework: ClassVar[str] = "numpy"
    training_settings: ClassVar[tuple[str, ...] | None] = ()

    smoothing: Annotated[float, Gt(0)] = setting(0.1, "added to the count of each level")


class IndependentPixels(PixelBaseline):
    """Each pixel has its own frequencies of levels, and knows of no other pixel."""

    name = "independent-pixels"

    def build(self, spec: Mapping[str, Any]) -> Mixture:
        """Builds a mixture of one component."""
        from .numpy_baselines import Mixture

        return Mixture(spec, components=1, smoothing=self.smoothing)


class BernoulliMixture(PixelBaseline):
    """A mixture of images with independent pixels; of more than two levels, of categoricals.

    It is fitted by expectation maximisation (Bishop, 2006, section 9.3.3).
    """

    name = "bernoulli-mixture"

    components: Annotated[int, Ge(1)] = setting(
        500, "components at most; fewer where there are less than 20 images for each"
    )
    iterations: Annotated[int, Ge(1)] = setting(15, "iterations of expectation maximisation")

    def build(self, spec: Mapping[str, Any]) -> Mixture:
        """Builds the mixture."""
        from .numpy_baselines import Mixture

        return Mixture(spec, self.components, self.smoothing, self.iterations)


class NearestImages(PixelBaseline):
    """Completes the lower half from the training images with the most similar upper halves."""

    name = "nearest-neighbours"

    def build(self, spec: Mapping[str, Any]) -> NearestNeighbours:
        """Builds a network that keeps the training images."""
        from .numpy_baselines import NearestNeighbours

        return NearestNeighbours(spec, self.smoothing)


BASELINES: tuple[type[Model], ...] = (IndependentPixels, BernoulliMixture, NearestImages)
