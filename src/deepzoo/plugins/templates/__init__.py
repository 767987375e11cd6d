"""What `deepzoo plugins new` writes: each module is a small plugin that works as it stands."""
