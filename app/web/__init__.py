"""The hand-written web: only what cannot be generated, and the one look of all pages."""
