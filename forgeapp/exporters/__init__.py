"""A publication in, a file out; one module a format."""
