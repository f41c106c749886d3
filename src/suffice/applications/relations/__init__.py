"""Persons, organisations and the kinds of payment between them, in disclosure statements."""
