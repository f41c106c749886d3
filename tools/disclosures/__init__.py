"""The generator of the synthetic disclosures that come with suffice, and of others of the kind."""
