"""One module per subcommand of `bole`: `arguments(parser)` declares, `run(options)` does and returns the exit code."""
