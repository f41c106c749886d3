"""What makes files of the repository and is not installed."""
