"""Speed as ratios within one run: what Bole does against the least that the same answer could cost. See README.md."""
