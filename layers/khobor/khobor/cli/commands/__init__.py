"""The subcommands of ``khobor``, a module each: ``khobor new-source`` is ``new_source.py``."""
