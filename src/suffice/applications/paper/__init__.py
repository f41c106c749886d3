"""The paper: its published figures, its study on anybody's documents, and what does not add up."""
