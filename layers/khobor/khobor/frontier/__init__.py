"""The URL frontier: known URLs, hosts and their turns, the fetch queue, and which host may state which fact."""
