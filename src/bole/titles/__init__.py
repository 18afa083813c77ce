"""The records room of titles: series, majors, levels, titles, the committees that review them, and when."""
