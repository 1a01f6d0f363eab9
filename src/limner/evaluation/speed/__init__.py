"""Speed of limner, as ratios of times that are measured in one run."""
