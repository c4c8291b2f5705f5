"""What the document and the code editor share: the text edit, find bar, highlighting, live blocks."""
