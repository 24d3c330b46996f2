"""Sources: one TOML file a publisher, and all there is to say of it."""
