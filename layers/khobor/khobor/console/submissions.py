"""The way of a page through the pipeline, as its reader watches it: fetched or uploaded, read, stored."""

import logging
import secrets
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import PurePath
from typing import Literal

from botocore.exceptions import BotoCoreError, ClientError

from khobor.article import Article, RawReference
from khobor.console.deployment import Installation
from khobor.console.formatting import file_size, language_tag, moment
from khobor.console.pages.headlines import CHANGES
from khobor.console.reasons import Explanation, explain
from khobor.dead_letters.messages import DeadLetterMessage, page_key, peek
from khobor.dead_letters.redriving import reason_of
from khobor.errors import KhoborError, PermanentError
from khobor.extract import extract_page
from khobor.page import MAX_PAGE_BYTES, RawPage, to_metadata
from khobor.pages.s3 import get_page
from khobor.stages import PARSE, STORE, Stage
from khobor.url import canonical_url, digest, host
from khobor.work_limits import PAGE_LIMITS, within

SIZE_LIMIT = (
    f"A page may have up to {MAX_PAGE_BYTES:,} bytes, and this one has more. "
    "Save its HTML alone, without images and scripts inside."
)
State = Literal["waiting", "running", "done", "failed", "skipped"]

# Older ones are forgotten: what became of them is in the archive, or among the dead letters.
_MOST = 50
_MOST_LETTERS = 20
# The stage that does a step; its dead-letter queue has what it could not do.
_STAGES = {"read": PARSE, "store": STORE}

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of the way.

    Attributes:
        name: ``fetch`` or ``upload``, ``read``, ``store``.
        state: How far it is; ``skipped`` where a step before failed.
        detail: What came of it, or with what it failed.
        failure: Why it failed; None unless it did.
    """

    name: str
    state: State = "waiting"
    detail: str | None = None
    failure: Explanation | None = None


@dataclass(frozen=True, kw_only=True)
class Journey:
    """The way of one page.

    Attributes:
        journey_id: By which it is asked for.
        what: The URL, or the file's name.
        url: The URL that is fetched; None for a file.
        began_at: When it began, aware.
        steps: Its steps, in order.
        kept: Where the page is kept, once it is.
        article: The article of the page, once it was read.
        compare: The page that shows what this page changed of an article that was known.
    """

    journey_id: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    what: str
    url: str | None = None
    began_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    steps: tuple[Step, ...]
    kept: str | None = None
    article: Article | None = None
    compare: str | None = None

    @property
    def failed(self) -> Step | None:
        """The step that failed; None where none did."""
        return next((step for step in self.steps if step.state == "failed"), None)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.failed is not None or self.steps[-1].state == "done"

    @property
    def stored_id(self) -> str | None:
        """The id of the article, once it is stored."""
        return self.article.article_id if self.article and self.steps[-1].state == "done" else None

    @property
    def language(self) -> str | None:
        """The language of the article's title, as an attribute takes it."""
        return language_tag(self.article.language) if self.article else None

    @property
    def dead_letter_stage(self) -> Stage | None:
        """The stage that puts aside a page that failed; None where nothing failed, or it puts nothing aside."""
        failed = self.failed
        is_put_aside = failed and failed.failure and failed.failure.reason not in _NOT_PUT_ASIDE
        return _STAGES.get(failed.name) if failed and is_put_aside else None

    def with_step(self, name: str, state: State, detail: str | None = None) -> "Journey":
        """Return the journey with a step changed."""
        changed = Step(name=name, state=state, detail=detail)
        return replace(self, steps=tuple(changed if step.name == name else step for step in self.steps))

    def with_failure(self, name: str, reason: str, detail: str | None) -> "Journey":
        """Return the journey as it ends with a step that failed."""
        number = [step.name for step in self.steps].index(name)
        failed = Step(name=name, state="failed", detail=detail, failure=explain(reason))
        skipped = (replace(step, state="skipped") for step in self.steps[number + 1 :])
        return replace(self, steps=(*self.steps[:number], failed, *skipped))


# What fails with these is in no dead-letter queue.
_NOT_PUT_ASIDE = {"aws_failed", "forgotten", "no_answer"}


class Journeys:
    """The pages that are on their way, or were of late; they go one after another.

    Which article a page holds is worked out here, by the same code and the same sources as the parse function's, as no
    message tells whoever sent a page. Whether it is stored is read in the archive.

    Args:
        installation: Where they go.
    """

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._journeys: OrderedDict[str, Journey] = OrderedDict()
        self._running: dict[str, Future[None]] = {}
        self._worker = ThreadPoolExecutor(1)

    def fetch(self, url: str) -> Journey:
        """Start the way of a URL; raises PermanentError ``bad_url``."""
        canonical_url(url)
        return self._start(Journey(what=url, url=url, steps=_steps("fetch")), partial(self._fetched, url))

    def upload(self, name: str, body: bytes, url: str | None) -> Journey:
        """Start the way of a file.

        Args:
            name: Its name.
            body: What stands in it.
            url: The URL that it was saved from.

        Raises:
            PermanentError: ``bad_url``, ``no_file``, ``too_large``.
        """
        if not name:
            raise PermanentError("no_file", "No file was chosen; choose a saved page.")
        if not body:
            raise PermanentError("no_file", f"{name} is empty; save the page again.")
        if len(body) > MAX_PAGE_BYTES:
            raise PermanentError("too_large", SIZE_LIMIT)
        if url:
            canonical_url(url)
        return self._start(Journey(what=name, steps=_steps("upload")), partial(self._uploaded, name, body, url))

    def look(self, journey_id: str) -> Journey | None:
        """Return how far a journey is; None where there is none, or no more."""
        journey = self._journeys.get(journey_id)
        if journey and journey.steps[-1].state == "running" and journey.article:
            journey = self._keep(self._looked_for(journey, journey.article))
        return journey

    def wait(self) -> None:
        """Wait for all that is on its way here; what AWS does with it may take longer."""
        wait(list(self._running.values()))

    def close(self) -> None:
        """Wait for none that has not begun."""
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _start(self, journey: Journey, begin: Callable[[], str]) -> Journey:
        self._keep(journey)
        self._running[journey.journey_id] = self._worker.submit(self._go, journey, begin)
        while len(self._journeys) > _MOST:
            self._running.pop(self._journeys.popitem(last=False)[0], None)
        return journey

    def _keep(self, journey: Journey) -> Journey:
        self._journeys[journey.journey_id] = journey
        return journey

    def _go(self, journey: Journey, begin: Callable[[], str]) -> None:
        try:
            key = begin()
            reference = RawReference(bucket=self._installation.outputs["RawBucketName"], key=key)
            journey = replace(journey, kept=f"s3://{reference.bucket}/{key}")
            journey = self._keep(journey.with_step(journey.steps[0].name, "done").with_step("read", "running"))
            journey = self._read(journey, reference)
            self._installation.move()
            self._keep(journey.with_step("store", "running"))
        except KhoborError as error:
            self._fail(journey, error.reason, error.detail)
        except (BotoCoreError, ClientError) as error:
            self._fail(journey, "aws_failed", str(error))
        # Whatever it is, its reader would wait for ever.
        except Exception as error:
            logger.exception("%s failed", journey.what)
            self._fail(journey, "crashed", f"{type(error).__name__}: {error}")

    def _fail(self, journey: Journey, reason: str, detail: str) -> None:
        journey = self._journeys.get(journey.journey_id, journey)
        name = next((step.name for step in journey.steps if step.state == "running"), "store")
        if name in _STAGES:
            # The pipeline comes to the same, and puts the page among the dead letters.
            self._installation.move()
        self._keep(journey.with_failure(name, reason, detail))

    def _fetched(self, url: str) -> str:
        answer = self._installation.fetch(url)
        if "key" not in answer:
            raise PermanentError(str(answer.get("reason")), str(answer.get("detail")))
        return str(answer["key"])

    def _uploaded(self, name: str, body: bytes, url: str | None) -> str:
        now = datetime.now(UTC)
        page = RawPage(body=body, fetched_at=now, url=url)
        key = f"uploads/console/{now:%Y-%m-%d/%H%M%S.%fZ}-{digest(body)[:12]}{_suffix(name)}"
        self._installation.clients.s3.put_object(
            Bucket=self._installation.outputs["RawBucketName"], Key=key, Body=body, Metadata=to_metadata(page)
        )
        return key

    def _read(self, journey: Journey, reference: RawReference) -> Journey:
        """Return the journey with the article of its page; raises PermanentError where it holds none."""
        page, raw = get_page(self._installation.clients.s3, reference, MAX_PAGE_BYTES)
        journey = self._keep(journey.with_step(journey.steps[0].name, "done", _about(page)))
        read = partial(extract_page, page, raw, self._installation.registry)
        article = within(PAGE_LIMITS, read, what=reference.key)
        if reason := article.extraction.not_article:
            raise PermanentError(reason, "")
        return replace(journey, article=article).with_step("read", "done", _summary(article))

    def _looked_for(self, journey: Journey, article: Article) -> Journey:
        if stored := self._stored(journey, article):
            return stored
        for step, stage in _STAGES.items():
            if letter := self._letter(stage, article):
                return journey.with_failure(step, reason_of(letter), letter.detail)
        urls = [url for url in (article.url, article.canonical_url) if url]
        if urls and self._installation.urls.forgotten(urls):
            return journey.with_failure("store", "forgotten", None)
        if datetime.now(UTC) - journey.began_at > self._installation.patience:
            return journey.with_failure("store", "no_answer", None)
        return journey

    def _stored(self, journey: Journey, article: Article) -> Journey | None:
        """Return the journey as it ends where the archive has seen the page; None where it has not."""
        at = article.fetched_at
        revisions = self._installation.archive.revisions(article.article_id)
        seen = [each for each in revisions if each.first_seen_at <= at <= each.last_seen_at]
        if not seen:
            return None
        revision = seen[0]
        if revision.first_seen_at < at:
            since = moment(revision.first_seen_at).text
            return journey.with_step("store", "done", f"Nothing new: the archive has this text since {since}.")
        if revision.number == 1:
            return journey.with_step("store", "done", "New in the archive.")
        changed = ", ".join(CHANGES[change] for change in revision.changes)
        before, after = revision.number - 1, revision.number
        compare = f"/articles/{article.article_id}/compare?before={before}&after={after}"
        detail = f"Revision {after} of an article that the archive had: {changed}."
        return replace(journey, compare=compare).with_step("store", "done", detail)

    def _letter(self, stage: Stage, article: Article) -> DeadLetterMessage | None:
        clients = self._installation.clients
        key = article.raw.key if article.raw else None
        letters = peek(clients.sqs, self._installation.outputs[stage.dead_letter_output], _MOST_LETTERS)
        return next((letter for letter in letters if page_key(clients.s3, letter.body) == key), None)


def _steps(first: str) -> tuple[Step, ...]:
    return Step(name=first, state="running"), Step(name="read"), Step(name="store")


def _suffix(name: str) -> str:
    suffixes = PurePath(name.lower()).suffixes
    return ".html.gz" if suffixes[-1:] == [".gz"] else ".html"


def _about(page: RawPage) -> str:
    """Return how large a page is, and where it came from."""
    size = file_size(len(page.body))
    return f"{size} from {host(page.location)}, kept as it came." if page.location else f"{size}, kept as it came."


def _summary(article: Article) -> str:
    rules = article.extraction.rules
    read_by = f"by the rules of {rules}" if rules else "without rules of a source"
    return f"{article.word_count:,} words, read {read_by}."
