"""The datasets of images."""

from __future__ import annotations

from deepzoo import Dataset

from .cifar import Cifar10
from .digits import FashionMnist, Mnist
from .letters import EmnistLetters, NotMnistLetters
from .own_images import UserImages

DATASETS: tuple[type[Dataset], ...] = (
    Mnist,
    FashionMnist,
    EmnistLetters,
    NotMnistLetters,
    Cifar10,
    UserImages,
)
