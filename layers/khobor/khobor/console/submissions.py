"""Pages that a user submits, and their progress through the pipeline: fetch or upload, read, store."""

import logging
import secrets
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Literal

from botocore.exceptions import BotoCoreError, ClientError

from khobor.article import Article, RawReference
from khobor.console.deployment import Deployment
from khobor.console.formatting import file_size, language_tag, moment
from khobor.console.pages.headlines import CHANGES
from khobor.console.reasons import Explanation, explain
from khobor.dead_letters.message import DeadLetterMessage, reason_of
from khobor.errors import KhoborError, PermanentError
from khobor.extract import extract_page
from khobor.page import MAX_PAGE_BYTES, RawPage
from khobor.stages import PARSE, STORE, Stage
from khobor.url import canonical_url, host
from khobor.work_limits import LOCAL_PAGE_LIMITS, within

SIZE_LIMIT = (
    f"The page is larger than {MAX_PAGE_BYTES:,} bytes. Save only its HTML, without embedded images and scripts."
)
State = Literal["waiting", "running", "done", "failed", "skipped"]

# Older submissions are forgotten; their results are in the archive or in a dead-letter queue.
_MOST = 50
_MOST_MESSAGES = 20
# The stage of each step, whose dead-letter queue gets the pages that fail.
_STAGES = {"read": PARSE, "store": STORE}

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class SubmissionStep:
    """One step of a submission.

    Attributes:
        name: ``fetch`` or ``upload``, ``read``, ``store``.
        state: The state of the step; ``skipped`` if an earlier step failed.
        detail: The result or the error, for people.
        failure: Why the step failed; None if it did not.
    """

    name: str
    state: State = "waiting"
    detail: str | None = None
    failure: Explanation | None = None


@dataclass(frozen=True, kw_only=True)
class Submission:
    """A submitted page.

    Attributes:
        submission_id: The id in URLs of the console.
        what: The URL or the name of the file.
        url: The URL that is fetched; None for a file.
        began_at: When the page was submitted, aware.
        steps: The steps, in order.
        stored_at: The S3 URI of the page; None until it is stored.
        article: The article of the page; None until it is read.
        compare: The path of the page that shows the change of a known article; None if there is none.
    """

    submission_id: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    what: str
    url: str | None = None
    began_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    steps: tuple[SubmissionStep, ...]
    stored_at: str | None = None
    article: Article | None = None
    compare: str | None = None

    @property
    def failed(self) -> SubmissionStep | None:
        """The step that failed; None if none did."""
        return next((step for step in self.steps if step.state == "failed"), None)

    @property
    def is_over(self) -> bool:
        """Whether the submission has ended."""
        return self.failed is not None or self.steps[-1].state == "done"

    @property
    def stored_id(self) -> str | None:
        """The id of the article; None until it is stored."""
        return self.article.article_id if self.article and self.steps[-1].state == "done" else None

    @property
    def language(self) -> str | None:
        """The language of the article, as the value of a ``lang`` attribute."""
        return language_tag(self.article.language) if self.article else None

    @property
    def dead_letter_stage(self) -> Stage | None:
        """The stage whose dead-letter queue has the page; None if nothing failed, or the failure is in no queue."""
        failed = self.failed
        has_dead_letter = failed and failed.failure and failed.failure.reason not in _WITHOUT_DEAD_LETTER
        return _STAGES.get(failed.name) if failed and has_dead_letter else None

    def with_step(self, name: str, state: State, detail: str | None = None) -> "Submission":
        """Return the submission with a changed step.

        Args:
            name: The name of the step.
            state: Its new state.
            detail: The result, for people.
        """
        changed = SubmissionStep(name=name, state=state, detail=detail)
        return replace(self, steps=tuple(changed if step.name == name else step for step in self.steps))

    def with_failure(self, name: str, reason: str, detail: str | None) -> "Submission":
        """Return the submission with a failed step; later steps are skipped.

        Args:
            name: The name of the step.
            reason: The slug of the cause.
            detail: The error, for people.
        """
        number = [step.name for step in self.steps].index(name)
        failed = SubmissionStep(name=name, state="failed", detail=detail, failure=explain(reason))
        skipped = (replace(step, state="skipped") for step in self.steps[number + 1 :])
        return replace(self, steps=(*self.steps[:number], failed, *skipped))


# The reasons of failures that are in no dead-letter queue.
_WITHOUT_DEAD_LETTER = {"aws_failed", "forgotten", "no_answer"}


class Submissions:
    """The current and recent submissions, processed one after another.

    The pipeline does not report results to the console. So the console extracts the article itself, with the code and
    the sources of the parse function, and checks in the archive whether it is stored.

    Args:
        deployment: The deployment that receives the pages.
    """

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self._submissions: OrderedDict[str, Submission] = OrderedDict()
        self._running: dict[str, Future[None]] = {}
        self._worker = ThreadPoolExecutor(1)

    def fetch(self, url: str) -> Submission:
        """Submit a URL; raises PermanentError ``bad_url``."""
        canonical_url(url)
        return self._start(Submission(what=url, url=url, steps=_steps("fetch")), partial(self._fetch, url))

    def upload(self, name: str, body: bytes, url: str | None) -> Submission:
        """Submit a file.

        Args:
            name: The name of the file.
            body: Its contents.
            url: The URL that it was saved from; None if unknown.

        Raises:
            PermanentError: ``bad_url``, ``no_file``, ``too_large``.
        """
        if not name:
            raise PermanentError("no_file", "No file was chosen. Choose a saved page.")
        if not body:
            raise PermanentError("no_file", f"{name} is empty. Save the page again.")
        if len(body) > MAX_PAGE_BYTES:
            raise PermanentError("too_large", SIZE_LIMIT)
        if url:
            canonical_url(url)
        return self._start(Submission(what=name, steps=_steps("upload")), partial(self._upload, name, body, url))

    def look(self, submission_id: str) -> Submission | None:
        """Return the current state of a submission; None if there is none with this id, or it was forgotten."""
        submission = self._submissions.get(submission_id)
        if submission and submission.steps[-1].state == "running" and submission.article:
            submission = self._keep(self._with_result(submission, submission.article))
        return submission

    def wait(self) -> None:
        """Wait until the console has processed all submissions; the deployment may take longer."""
        wait(list(self._running.values()))

    def close(self) -> None:
        """Stop processing; submissions that have not begun are dropped."""
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _start(self, submission: Submission, begin: Callable[[], str]) -> Submission:
        self._keep(submission)
        self._running[submission.submission_id] = self._worker.submit(self._process, submission, begin)
        while len(self._submissions) > _MOST:
            self._running.pop(self._submissions.popitem(last=False)[0], None)
        return submission

    def _keep(self, submission: Submission) -> Submission:
        self._submissions[submission.submission_id] = submission
        return submission

    def _process(self, submission: Submission, begin: Callable[[], str]) -> None:
        try:
            key = begin()
            reference = self._deployment.reference(key)
            submission = replace(submission, stored_at=reference.address)
            submission = self._keep(submission.with_step(submission.steps[0].name, "done").with_step("read", "running"))
            submission = self._read(submission, reference)
            self._deployment.run_queues()
            self._keep(submission.with_step("store", "running"))
        except KhoborError as error:
            self._fail(submission, error.reason, error.detail)
        except (BotoCoreError, ClientError) as error:
            self._fail(submission, "aws_failed", str(error))
        # Whatever it is: without a failure the user would wait forever.
        except Exception as error:
            logger.exception("%s failed", submission.what)
            self._fail(submission, "crashed", f"{type(error).__name__}: {error}")

    def _fail(self, submission: Submission, reason: str, detail: str) -> None:
        submission = self._submissions.get(submission.submission_id, submission)
        name = next((step.name for step in submission.steps if step.state == "running"), "store")
        if name in _STAGES:
            # The pipeline fails in the same way, and sends the page to a dead-letter queue.
            self._deployment.run_queues()
        self._keep(submission.with_failure(name, reason, detail))

    def _fetch(self, url: str) -> str:
        answer = self._deployment.fetch(url)
        if "key" not in answer:
            raise PermanentError(str(answer.get("reason")), str(answer.get("detail")))
        return str(answer["key"])

    def _upload(self, name: str, body: bytes, url: str | None) -> str:
        return self._deployment.upload(name, RawPage(body=body, fetched_at=datetime.now(UTC), url=url))

    def _read(self, submission: Submission, reference: RawReference) -> Submission:
        """Return the submission with the article of its page; raises PermanentError if the page has none."""
        page, raw = self._deployment.pages.get(reference, MAX_PAGE_BYTES)
        submission = self._keep(submission.with_step(submission.steps[0].name, "done", _page_summary(page)))
        read = partial(extract_page, page, raw, self._deployment.registry)
        article = within(LOCAL_PAGE_LIMITS, read, what=reference.key)
        if reason := article.extraction.not_article:
            raise PermanentError(reason, article.extraction.refusal_text.removeprefix(": "))
        return replace(submission, article=article).with_step("read", "done", _article_summary(article))

    def _with_result(self, submission: Submission, article: Article) -> Submission:
        """Return the submission with the result of the store step, if there is one yet."""
        if stored := self._stored(submission, article):
            return stored
        for step, stage in _STAGES.items():
            if stage in self._deployment.stages and (message := self._dead_letter_message(stage, article)):
                return submission.with_failure(step, reason_of(message), message.detail)
        urls = [url for url in (article.url, article.canonical_url) if url]
        if urls and self._deployment.urls.forgotten(urls):
            return submission.with_failure("store", "forgotten", None)
        if datetime.now(UTC) - submission.began_at > self._deployment.longest_wait:
            return submission.with_failure("store", "no_answer", None)
        return submission

    def _stored(self, submission: Submission, article: Article) -> Submission | None:
        """Return the completed submission if the archive has the page; None if it does not have it yet."""
        at = article.fetched_at
        revisions = self._deployment.archive.revisions(article.article_id)
        revision = next((each for each in revisions if each.first_seen_at <= at <= each.last_seen_at), None)
        if revision is None:
            return None
        if revision.first_seen_at < at:
            since = moment(revision.first_seen_at).text
            return submission.with_step("store", "done", f"No change: the archive has had this text since {since}.")
        if revision.number == 1:
            return submission.with_step("store", "done", "Added to the archive.")
        changes = ", ".join(CHANGES[change] for change in revision.changes)
        before, after = revision.number - 1, revision.number
        compare = f"/articles/{article.article_id}/compare?before={before}&after={after}"
        detail = f"Stored as revision {after} of the article: {changes}."
        return replace(submission, compare=compare).with_step("store", "done", detail)

    def _dead_letter_message(self, stage: Stage, article: Article) -> DeadLetterMessage | None:
        key = article.raw.key if article.raw else None
        messages = self._deployment.dead_letters(stage, _MOST_MESSAGES)
        return next((message for message in messages if self._deployment.page_of(message) == key), None)


def _steps(first: str) -> tuple[SubmissionStep, ...]:
    return SubmissionStep(name=first, state="running"), SubmissionStep(name="read"), SubmissionStep(name="store")


def _page_summary(page: RawPage) -> str:
    """Return the size of a page and the host that it came from."""
    size = file_size(len(page.body))
    return f"{size} from {host(page.location)}, stored unchanged." if page.location else f"{size}, stored unchanged."


def _article_summary(article: Article) -> str:
    rules = article.extraction.rules
    extracted_by = f"with the rules of {rules}" if rules else "without source rules"
    return f"{article.word_count:,} words, extracted {extracted_by}."
