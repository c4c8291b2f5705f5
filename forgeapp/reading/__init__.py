"""A model's reply or a file in, artifacts out."""

from forgeapp.reading.interpretation import Reading
from forgeapp.reading.reader import ArtifactGrew, ChatGrew, Reader

__all__ = ["ArtifactGrew", "ChatGrew", "Reader", "Reading"]
