"""Any program as a learner."""
