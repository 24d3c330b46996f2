"""Queries to the archive, and their answers as data, for the HTTP API, the console and the command."""
