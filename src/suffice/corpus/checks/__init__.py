"""What is odd about a corpus: each check finds one kind of fault, by count, id and position."""
