"""What a decision makes true: one file for each room written to."""
