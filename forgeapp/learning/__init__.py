"""Templates: artifacts with slots, filled from a request at no cost and with no network."""
