"""PDF: written with fpdf2, opened again with PDFium."""
