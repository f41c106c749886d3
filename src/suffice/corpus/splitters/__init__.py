"""Sentence splitters of other libraries, by name; `suffice.corpus.sentences` has the default."""
