"""Where data are, fetching them, loading them."""
