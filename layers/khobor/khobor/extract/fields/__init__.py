"""The fields of an article, one module a field: where each is looked for, in which order."""
