"""The folder of a training: its files, its name, finding it again."""
