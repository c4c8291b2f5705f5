"""A publication in, a file out; one module or package a format."""
