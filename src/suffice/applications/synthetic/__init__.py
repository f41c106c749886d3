"""Synthetic annotated text beside real text: how close it is, and what it is worth."""
