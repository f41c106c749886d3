"""Statistics of two sources of text."""
