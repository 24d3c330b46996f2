"""What a local archive knows of an article besides articles, known URLs and pages."""

from khobor.archive.forgetting import OtherTraces
from khobor.archive.interface import ArticleTraces
from khobor.local.archive_folder import ArchiveFolder
from khobor.local.kept_log import KeptLog
from khobor.local.log_erasure import LogErasure
from khobor.url import url_id


class LocalTraces(OtherTraces):
    """Erases the requests, the failures and the log of a forgotten article.

    Args:
        folder: The archive.
    """

    def __init__(self, folder: ArchiveFolder) -> None:
        self._folder = folder

    def erase(self, article_id: str, traces: ArticleTraces) -> None:
        """Erase what is known of an article; see ``OtherTraces``."""
        ids = {article_id, *map(url_id, traces.urls)}
        with self._folder.database.write():
            self._folder.fetch_queue.forget(ids)
            self._folder.failures.forget(traces.urls, traces.raw_keys)
            self._folder.ingested.forget(article_id, traces.raw_keys)
        KeptLog(self._folder.path).erase(LogErasure(ids, traces))
