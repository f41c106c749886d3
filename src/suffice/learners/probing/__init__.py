"""The probe: a frozen backbone, encoded once, and a small head trained on top."""
