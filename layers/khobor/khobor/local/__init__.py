"""khobor on one machine, without AWS."""
