"""The one engine of runs: jobs are done on an executor, and what they find is kept in a store."""
