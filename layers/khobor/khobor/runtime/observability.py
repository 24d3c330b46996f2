"""Log and metrics of a function, by Powertools: JSON lines, and metrics in CloudWatch's embedded metric format."""

import time
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeAlias

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit, single_metric

from khobor.errors import KhoborError
from khobor.runtime.log_line import log_line

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    Handler: TypeAlias = Callable[[dict[str, Any], LambdaContext], dict[str, Any]]


class Observability:
    """Logger and metrics of one function. This is the ``Telemetry`` of Lambda.

    Args:
        service: The name of the stage.

    Attributes:
        logger: Powertools' logger, which hides secrets in URLs.
    """

    def __init__(self, service: str) -> None:
        self._service = service
        self.logger = Logger(service=service, json_serializer=log_line)
        self._metrics = Metrics(service=service)
        self._facts: set[str] = set()

    def handler(self, function: "Handler") -> "Handler":
        """Decorate a Lambda handler: lines name the invocation, records are counted, metrics are written at the end."""

        @wraps(function)
        def counting(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
            self.count("Accepted", _accepted(event))
            return function(event, context)

        decorated: Handler = self.logger.inject_lambda_context(self._metrics.log_metrics(counting), clear_state=True)
        return decorated

    def begin_record(self, **facts: str | None) -> None:
        """Begin another record: log lines have these facts from now on, and none of the record before.

        Powertools keeps keys by process, so records that threads handle in parallel must not use this.
        """
        self.logger.remove_keys(self._facts)
        self._facts.clear()
        self.about(**facts)

    def about(self, **facts: str | None) -> None:
        """Add facts to all log lines about the current record; facts that are None are left out."""
        self.logger.append_keys(**facts)
        self._facts.update(facts)

    def count(self, name: str, value: int = 1) -> None:
        """Add to a metric of the function.

        Args:
            name: The name of the metric.
            value: How much to add.
        """
        self._metrics.add_metric(name=name, unit=MetricUnit.Count, value=value)

    def count_of(self, source: str, name: str, value: int) -> None:
        """Add to a metric. Its log line names the source, so that logs can be queried by source.

        The source is not a dimension of the metric, because each source would then add metrics that cost money.

        Args:
            source: The name of the source.
            name: The name of the metric.
            value: How much to add.
        """
        # Each metric that is written costs money, so zeros are left out.
        if value:
            with single_metric(name=name, unit=MetricUnit.Count, value=value) as metric:
                metric.add_dimension(name="service", value=self._service)
                metric.add_metadata(key="source", value=source)

    def failed(self, error: KhoborError, **facts: Any) -> None:
        """Log why a record failed, and count the failure by its reason.

        Args:
            error: Why it failed.
            facts: Further facts for the log line.
        """
        self.logger.warning(error.detail, **facts, reason=error.reason)
        self.count_failure(error.reason)

    def count_failure(self, reason: str) -> None:
        """Count a failure by its reason."""
        with single_metric(name="Failures", unit=MetricUnit.Count, value=1) as metric:
            metric.add_dimension(name="service", value=self._service)
            metric.add_dimension(name="reason", value=reason)

    def step(self) -> "TimedStep":
        """Begin a step of work, whose time is measured."""
        return TimedStep(self._metrics)


class TimedStep:
    """A step of work, whose time is measured from its creation on.

    Args:
        metrics: The metrics that record its time.
    """

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._began = time.perf_counter()

    def end(self) -> int:
        """Record how long the step took, and return that in milliseconds."""
        milliseconds = round((time.perf_counter() - self._began) * 1000)
        self._metrics.add_metric(name="StepMilliseconds", unit=MetricUnit.Milliseconds, value=milliseconds)
        return milliseconds


def _accepted(event: dict[str, Any]) -> int:
    """Return the number of records in an event; an event that is not a batch counts as one."""
    records = event.get("Records", event.get("Items"))
    return len(records) if isinstance(records, list) else 1
