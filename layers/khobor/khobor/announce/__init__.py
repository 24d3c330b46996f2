"""Announces on an event bus that articles were stored, revised or gone."""
