"""How good annotations are, how dense text is, and which documents to annotate next."""
