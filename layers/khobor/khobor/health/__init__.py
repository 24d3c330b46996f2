"""The health of extraction: whether the newest pages of a source are still read as those before them were."""
