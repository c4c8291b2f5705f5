"""What the code editor is made of."""
