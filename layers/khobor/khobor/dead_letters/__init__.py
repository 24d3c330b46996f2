"""Dead-letter messages: records that could not be handled, with the reason, and how they are sent back."""
