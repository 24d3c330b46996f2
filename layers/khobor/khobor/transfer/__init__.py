"""What no page tells, carried between a local archive and a stack on AWS."""
