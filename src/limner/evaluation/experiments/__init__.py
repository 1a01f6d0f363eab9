"""Published claims, run again: grids of trainings, their curves, and a verdict in words."""
