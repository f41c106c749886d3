"""Designs: which runs come next, and when there are enough."""
