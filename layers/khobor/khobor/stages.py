"""The stages of the pipeline in order, as the console and the commands use them.

A test compares template.yaml and docs/operations/runbook.md with this list.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A stage: a function, its input, and its dead-letter queue.

    Attributes:
        name: The name of the function's folder, of its log and in commands, such as ``parse``.
        fails_on: What its dead-letter queue contains, in words.
        reads_queue: Whether it reads an SQS queue; otherwise it reads the stream of the archive table.
        sends: What happens to a dead-letter message that is sent back, in words.
        parameter: The parameter of the template that enables this stage; None if every stack has it.
    """

    name: str
    fails_on: str
    reads_queue: bool = True
    sends: str
    parameter: str | None = None

    @property
    def title(self) -> str:
        """The name as a heading."""
        return self.name.capitalize()

    @property
    def function(self) -> str:
        """The logical name of the function in the template."""
        return f"{self.title}Function"

    @property
    def queue(self) -> str | None:
        """The logical name of the queue; None if the stage reads the stream."""
        return f"{self.title}Queue" if self.reads_queue else None

    @property
    def queue_output(self) -> str | None:
        """The output of the template with the URL of the queue."""
        return f"{self.queue}Url" if self.queue else None

    @property
    def dead_letter_queue(self) -> str:
        """The logical name of the dead-letter queue."""
        return f"{self.title}DeadLetterQueue"

    @property
    def dead_letter_output(self) -> str:
        """The output of the template with the URL of the dead-letter queue."""
        return f"{self.dead_letter_queue}Url"


DISCOVER = Stage(name="discover", fails_on="listings that could not be read", sends="sent back to discover")
FETCH = Stage(name="fetch", fails_on="URLs that could not be fetched", sends="sent back to fetch")
PARSE = Stage(name="parse", fails_on="pages that hold no article", sends="sent back to parse")
STORE = Stage(name="store", fails_on="articles that could not be stored", sends="sent back to store")
ANNOUNCE = Stage(name="announce", fails_on="changes that could not be announced", reads_queue=False, sends="announced")
DELIVER = Stage(
    name="deliver",
    fails_on="articles that could not be delivered as files",
    reads_queue=False,
    sends="delivered",
    parameter="Delivery",
)

STAGES = (DISCOVER, FETCH, PARSE, STORE, ANNOUNCE, DELIVER)
BY_NAME = {stage.name: stage for stage in STAGES}
