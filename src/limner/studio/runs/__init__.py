"""The Runs room: watch, start and stop trainings."""
