"""Scores with confidence intervals, comparisons, published figures, learning curves."""
