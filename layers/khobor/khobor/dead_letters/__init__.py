"""Dead-letter messages: records that could not be processed, with their reasons, and how to send them back."""
