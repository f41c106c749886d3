"""One file per format, a registry, and what they share."""
