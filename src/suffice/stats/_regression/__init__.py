"""Regression of runs on their properties."""
