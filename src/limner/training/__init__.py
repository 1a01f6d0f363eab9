"""Training: losses, schedules, batches and the Lightning module."""
