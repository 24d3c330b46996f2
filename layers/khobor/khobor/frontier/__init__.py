"""What is known of URLs, and who may say it."""
