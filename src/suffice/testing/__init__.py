"""Conformance suites for plug-ins: what passes is a learner, a format or a splitter."""

from suffice.testing.formats import check_format
from suffice.testing.learners import check_learner
from suffice.testing.splitters import check_splitter

__all__ = ["check_format", "check_learner", "check_splitter"]
