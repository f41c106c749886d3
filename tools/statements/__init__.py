"""Hand-written disclosure statements, the relations that they state, and their scores."""
