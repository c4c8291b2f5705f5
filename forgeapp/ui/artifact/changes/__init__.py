"""What changed between two contents, painted: for the review of a proposal, and for the history."""
