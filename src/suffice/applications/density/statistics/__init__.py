"""Statistics of training sets that were chosen."""
