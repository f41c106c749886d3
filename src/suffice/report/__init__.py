"""One page that says what a study found."""
