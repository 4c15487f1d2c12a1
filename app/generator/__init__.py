"""Model in, screens out: reads `Screen` and columns, names no model."""
