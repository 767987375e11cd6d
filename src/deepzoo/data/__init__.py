"""Finding, downloading and loading data."""
