"""Everything of a home as one JSON file, and back."""
