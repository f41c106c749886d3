"""Which documents train, which evaluate, and which training sets are drawn."""
