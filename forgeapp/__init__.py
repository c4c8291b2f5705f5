"""ForgeApp: chat with language models on the left, get a real file on the right."""

__version__ = "0.1.0"
