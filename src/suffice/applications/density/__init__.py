"""The density experiment: training sets pushed below and above the corpus's density."""
