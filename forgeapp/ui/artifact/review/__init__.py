"""A model's change before the user: looked at hunk by hunk, accepted or rejected."""
