"""Files, locks, processes, paths and memory."""
