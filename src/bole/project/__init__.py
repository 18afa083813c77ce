"""Settings, addresses, server entry and the `bole` command. Imported by nobody."""
