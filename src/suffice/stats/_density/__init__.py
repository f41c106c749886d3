"""Density of text that is not annotated, and whether two texts match."""
