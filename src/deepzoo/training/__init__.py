"""One trainer for every task: order, schedule, history, checkpoints, exact resume."""
