"""The figures: one function each, from a width class, words and results to an SVG string."""

from suffice.report.figures.axes import MOST_POINTS
from suffice.report.figures.learners import equivalence, ranking
from suffice.report.figures.regression import regression
from suffice.report.figures.screening import screening
from suffice.report.figures.smooth import learning_curves, slope, smooth
from suffice.report.figures.study import curve, labels, parts
from suffice.report.figures.threshold import composition, sensitivity, threshold

__all__ = [
    "MOST_POINTS",
    "composition",
    "curve",
    "equivalence",
    "labels",
    "learning_curves",
    "parts",
    "ranking",
    "regression",
    "screening",
    "sensitivity",
    "slope",
    "smooth",
    "threshold",
]
