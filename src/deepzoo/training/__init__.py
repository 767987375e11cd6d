"""One trainer for every task: order, schedule, history, checkpoints, exact resume."""

from .trainer import Trainer, TrainingPlan

__all__ = ["Trainer", "TrainingPlan"]
