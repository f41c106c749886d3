"""Regression with a threshold, and what it is worth."""
