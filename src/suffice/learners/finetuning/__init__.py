"""Full fine-tuning of any Hugging Face model for token classification."""
