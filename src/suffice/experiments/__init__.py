"""Experiments on training sets that were chosen, not drawn at random."""
