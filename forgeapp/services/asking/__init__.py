"""Asking a model: whom, at what price, how often, and what follows when it fails."""
