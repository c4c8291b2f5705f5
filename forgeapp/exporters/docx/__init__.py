"""DOCX: written with python-docx, read again from its package."""
