"""A model's reply or a file in, artifacts out."""
