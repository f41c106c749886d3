"""F1 at every size of training set, and its uncertainty."""
