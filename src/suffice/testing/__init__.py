"""Conformance suites for plug-ins: what passes is a learner, a format, a splitter, an executor."""

from suffice.testing.executors import check_executor
from suffice.testing.formats import check_format
from suffice.testing.learners import check_learner
from suffice.testing.splitters import check_splitter
from suffice.testing.stores import check_store

__all__ = ["check_executor", "check_format", "check_learner", "check_splitter", "check_store"]
