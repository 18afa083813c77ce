"""National and local code tables, regions, identity numbers, credit codes, the working-day calendar. No tables."""
