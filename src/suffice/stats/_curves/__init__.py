"""Families of learning curves, their fits and averages."""
