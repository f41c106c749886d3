"""Simulated studies whose truth is known, for the statistical tests and for `bench`."""
