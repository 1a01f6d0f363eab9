"""The room Runs: trainings, watched, begun and stopped."""
