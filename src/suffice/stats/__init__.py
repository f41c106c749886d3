"""Numbers from arrays; needs numpy and scipy, and statsmodels for regressions."""
