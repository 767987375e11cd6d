"""A deepzoo plugin: writes each epoch of every training to tracked.csv in the current folder."""

import csv
from pathlib import Path

import deepzoo

TABLE = Path("tracked.csv")


class Tracker:
    """A callback with the methods of Keras' callbacks that it needs, for networks of any kind."""

    def __init__(self, run):
        self.run = run

    def on_epoch_end(self, epoch, logs=None):
        """Adds a row for each loss and metric."""
        with TABLE.open("a", newline="", encoding="utf-8") as file:
            rows = [(self.run.id, epoch + 1, name, value) for name, value in (logs or {}).items()]
            csv.writer(file).writerows(rows)


@deepzoo.hookimpl
def register_callbacks(run):
    """Adds the callback to each training."""
    return [Tracker(run)]


@deepzoo.hookimpl
def register_commands(app):
    """Adds the command."""

    @app.command()
    def tracked(name: str = "loss"):
        """Show what was tracked, such as the loss of each epoch."""
        rows = csv.reader(TABLE.read_text(encoding="utf-8").splitlines() if TABLE.exists() else [])
        for run, epoch, metric, value in rows:
            if metric == name:
                print(f"{run}  {epoch:>3}  {float(value):.4g}")
