"""The folder of a run: its files, its name, finding it again."""
