"""What the functions share at run time: settings and the log."""
