"""What several rooms need of AWS: batches, S3 events, SQS messages, DynamoDB requests and function logs."""
