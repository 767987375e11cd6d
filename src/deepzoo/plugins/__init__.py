"""Finding plugins, and what they register."""
