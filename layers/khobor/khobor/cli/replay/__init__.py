"""What ``khobor replay`` and ``khobor rebuild`` share."""
