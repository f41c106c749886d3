"""A corpus, a design, learners, and the ledger of their runs."""
