"""The archive in one DynamoDB table."""
