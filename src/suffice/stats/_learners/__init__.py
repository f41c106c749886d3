"""Several learners: differences, ranks, screening."""
