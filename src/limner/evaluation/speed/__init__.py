"""How fast limner works, as ratios measured in one run."""
