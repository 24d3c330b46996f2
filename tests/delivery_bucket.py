"""Reads the delivery bucket."""

import json
from typing import Any

from khobor.embedded.stack import EmbeddedStack


def delivered_rows(stack: EmbeddedStack) -> list[dict[str, Any]]:
    """Return the rows of all files in the order of delivery; moto stores them unchanged."""
    bucket = stack.outputs["DeliveryBucketName"]
    pages = stack.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="articles/")
    # The keys begin with the time.
    keys = [item["Key"] for page in pages for item in page.get("Contents", ())]
    files = [stack.s3.get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys]
    return [json.loads(line) for file in files for line in file.splitlines()]
