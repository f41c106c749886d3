"""Answers with their caveats, and the words they are said in."""

from suffice.advice.advise import advise

__all__ = ["advise"]
