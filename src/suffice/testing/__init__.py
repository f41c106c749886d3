"""Conformance suites for plug-ins: what passes is a learner or a format, what does not is not."""

from suffice.testing.formats import check_format
from suffice.testing.learners import check_learner

__all__ = ["check_format", "check_learner"]
