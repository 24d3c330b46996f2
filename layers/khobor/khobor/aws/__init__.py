"""Adapters to AWS: the raw bucket, the queues, the archive table. Their clients come in as arguments."""
