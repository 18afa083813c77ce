"""The demonstration's data: invented people, units and cases from a fixed seed, made through the rooms' own actions."""
