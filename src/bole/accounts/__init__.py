"""Who can log in: credentials, one-time codes, the log-in limiter, remembered devices."""
