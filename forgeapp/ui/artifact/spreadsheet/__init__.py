"""What the spreadsheet editor is made of."""
