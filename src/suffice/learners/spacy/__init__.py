"""spaCy's own training loop."""
