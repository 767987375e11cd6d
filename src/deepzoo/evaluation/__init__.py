"""Scores with intervals, comparisons, published figures, learning curves."""
