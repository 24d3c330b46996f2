"""The fields of an article, one module for each: where its candidates are, in which order."""
