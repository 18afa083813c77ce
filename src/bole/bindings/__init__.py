"""The only room where a name written in YAML meets Python: effects, prefill, look-ups."""
