"""The ``khobor`` command."""
