"""Moves what pages do not contain between a local archive and a stack on AWS."""
