"""Fetches pages safely: only from public addresses, with limits on size and time, without changing the bytes."""
