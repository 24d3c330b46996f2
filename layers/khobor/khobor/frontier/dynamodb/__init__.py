"""The URL frontier in a DynamoDB table."""
