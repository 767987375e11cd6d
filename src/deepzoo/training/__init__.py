"""One trainer for every task: order, schedule, history, checkpoints, exact resume."""

from .plan import TrainingPlan
from .trainer import Trainer

__all__ = ["Trainer", "TrainingPlan"]
