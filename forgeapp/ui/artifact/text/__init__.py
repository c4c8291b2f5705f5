"""What the document and the code editor share: the text edit, line numbers, find bar, highlighting, live blocks."""
