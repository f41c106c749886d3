"""A model to use: trained and kept with a card, applied to text, compared with another."""
