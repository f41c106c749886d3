"""Recipes that turn a training set into a tagger."""
