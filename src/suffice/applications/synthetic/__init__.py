"""Synthetic annotated text compared with real text: how close it is, and what it is worth."""
