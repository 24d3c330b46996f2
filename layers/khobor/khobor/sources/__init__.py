"""Sources: one TOML file for each publisher, with its schema, registry and checks."""
