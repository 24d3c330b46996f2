"""The sources that an operator uploads; their problems are reported."""

from khobor.sources.registry import Registry
from khobor.sources.source_bucket import SourceBucket
from khobor.telemetry import Telemetry


def reported_sources(source_bucket: SourceBucket, telemetry: Telemetry) -> Registry:
    """Return the uploaded sources over the bundled ones, without invalid ones.

    Args:
        source_bucket: The uploaded sources.
        telemetry: Logs and counts invalid sources, once for each version of a file.
    """
    registry, problems = source_bucket.registry()
    for problem in problems:
        telemetry.logger.error(f"an uploaded source cannot be used: {problem}")
        telemetry.count("SourcesRefused")
    return registry
