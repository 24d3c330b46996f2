"""What runs a stage on Lambda: settings, the log, observability, and the loops over records."""
