"""Import of spreadsheets, generated for every model whose access grants it (DESIGN §2)."""
