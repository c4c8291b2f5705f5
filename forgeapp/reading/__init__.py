"""A model's reply or a file in, artifacts out."""

from forgeapp.reading.interpretation import Reading
from forgeapp.reading.reader import Reader

__all__ = ["Reader", "Reading"]
