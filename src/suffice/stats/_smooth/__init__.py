"""A penalised smooth of one predictor."""
