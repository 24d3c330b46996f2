"""What became of a page that was submitted in the console."""

from khobor.console.submissions import Submission


def stored_id(submission: Submission) -> str | None:
    """Return the id of the article; None until it is stored."""
    is_done = submission.steps[-1].state == "done"
    return submission.article.article_id if submission.article and is_done else None
