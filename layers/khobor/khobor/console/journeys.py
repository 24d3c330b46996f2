"""The way of a page through the pipeline, as its reader watches it: fetched or uploaded, read, stored."""

import secrets
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import PurePath
from typing import Literal

from botocore.exceptions import BotoCoreError, ClientError

from khobor.article import Article, RawReference
from khobor.aws.letters import Letter, page_key, peek
from khobor.aws.raw_bucket import get_page
from khobor.console.installation import Installation
from khobor.errors import KhoborError, PermanentError
from khobor.extract import extract_page
from khobor.page import MAX_PAGE_BYTES, RawPage, to_metadata
from khobor.stages import PARSE, STORE, Stage
from khobor.url import canonical_url, digest

SIZE_LIMIT = (
    f"A page may have up to {MAX_PAGE_BYTES:,} bytes, and this one has more. "
    "Save its HTML alone, without images and scripts inside."
)
State = Literal["waiting", "running", "done", "failed"]

# Older ones are forgotten: what they came to is in the archive, or among the dead letters.
_MOST = 50
# What takes longer waits behind much else, or failed in a way that nothing tells of.
_PATIENCE = timedelta(minutes=15)
_MOST_LETTERS = 20
# The stage that does a step; its dead-letter queue has what it could not do.
_STAGES = {"read": PARSE, "store": STORE}


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of the way.

    Attributes:
        name: ``fetch`` or ``upload``, ``read``, ``store``.
        state: How far it is.
        detail: What came of it, or why nothing did.
    """

    name: str
    state: State = "waiting"
    detail: str | None = None


@dataclass(frozen=True, kw_only=True)
class Journey:
    """The way of one page.

    Attributes:
        journey_id: By which it is asked for.
        what: The URL, or the file's name.
        began_at: When it began, aware.
        steps: Its steps, in order.
        article: The article of the page, once it was read.
    """

    journey_id: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    what: str
    began_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    steps: tuple[Step, ...]
    article: Article | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come of it."""
        return any(step.state == "failed" for step in self.steps) or self.steps[-1].state == "done"

    @property
    def stored_id(self) -> str | None:
        """The id of the article, once it is stored."""
        return self.article.article_id if self.article and self.steps[-1].state == "done" else None

    def with_step(self, name: str, state: State, detail: str | None = None) -> "Journey":
        """Return the journey with a step changed."""
        changed = Step(name=name, state=state, detail=detail)
        return replace(self, steps=tuple(changed if step.name == name else step for step in self.steps))


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
        return self._start(Journey(what=url, steps=_steps("fetch")), partial(self._fetched, url))

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
        if (running := self._running.get(journey_id)) and running.done():
            # What nobody foresaw is not to be passed over.
            running.result()
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
        name = journey.steps[0].name
        try:
            key = begin()
            journey = self._keep(journey.with_step(name, "done", self._where(key)).with_step("read", "running"))
            name = "read"
            article = self._read(key)
            self._installation.move()
            journey = replace(journey, article=article).with_step("read", "done", _summary(article))
            self._keep(journey.with_step("store", "running"))
        except (KhoborError, BotoCoreError, ClientError) as error:
            self._keep(journey.with_step(name, "failed", str(error)))

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

    def _read(self, key: str) -> Article:
        """Return the article of a page; raises PermanentError where it holds none."""
        reference = RawReference(bucket=self._installation.outputs["RawBucketName"], key=key)
        page, raw = get_page(self._installation.clients.s3, reference, MAX_PAGE_BYTES)
        article = extract_page(page, raw, self._installation.registry)
        if reason := article.extraction.not_article:
            # The pipeline comes to the same, and puts it among the dead letters.
            self._installation.move()
            raise PermanentError(reason, "the page holds no article; it is kept, and among the dead letters")
        return article

    def _looked_for(self, journey: Journey, article: Article) -> Journey:
        if self._is_stored(article):
            return journey.with_step("store", "done", article.article_id)
        for step, stage in _STAGES.items():
            if letter := self._letter(stage, article):
                return journey.with_step(step, "failed", f"{letter.reason or 'crashed'}: {letter.detail or ''}")
        if datetime.now(UTC) - journey.began_at > _PATIENCE:
            return journey.with_step("store", "failed", "nothing came of it so far; the dead letters may tell more")
        return journey

    def _is_stored(self, article: Article) -> bool:
        kept = self._installation.archive.get(article.article_id)
        # What was fetched later came first: then this one is before it.
        return kept is not None and (kept.fetched_at > article.fetched_at or kept.raw == article.raw)

    def _letter(self, stage: Stage, article: Article) -> Letter | None:
        clients = self._installation.clients
        key = article.raw.key if article.raw else None
        letters = peek(clients.sqs, self._installation.outputs[stage.dead_letter_output], _MOST_LETTERS)
        return next((letter for letter in letters if page_key(clients.s3, letter.body) == key), None)

    def _where(self, key: str) -> str:
        return f"s3://{self._installation.outputs['RawBucketName']}/{key}"


def _steps(first: str) -> tuple[Step, ...]:
    return Step(name=first, state="running"), Step(name="read"), Step(name="store")


def _suffix(name: str) -> str:
    suffixes = PurePath(name.lower()).suffixes
    return ".html.gz" if suffixes[-1:] == [".gz"] else ".html"


def _summary(article: Article) -> str:
    rules = article.extraction.rules
    read_by = f"by the rules of {rules}" if rules else "in the general way"
    return f"{article.title or '(no title)'} — {article.word_count:,} words, read {read_by}"
