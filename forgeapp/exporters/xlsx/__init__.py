"""XLSX: written with XlsxWriter, opened again with lxml."""
