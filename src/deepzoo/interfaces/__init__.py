"""What plugins declare: datasets, kinds, models, networks, tasks, scores, experiments."""
