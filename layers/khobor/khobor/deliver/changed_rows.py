"""Decides which changes of the archive change the row of an article.

A row is an article as the archive has it at delivery. It changes if readers see something new, which changes the
content of the headline, and if the same fetch, or another extractor, reads the page differently, which replaces the
text of that content. Fetching an unchanged article again does not change it.
"""

from khobor.archive.changes import HeadlineChange, TextChange


def changes_row(change: HeadlineChange | TextChange) -> bool:
    """Whether a change of the archive changes the row of the article."""
    if isinstance(change, HeadlineChange):
        return change.before is None or change.before.content != change.after.content
    before, after = change.before, change.after
    # Texts of earlier versions do not name their extractor.
    is_other_extractor = bool(before.extractor and after.extractor) and before.extractor != after.extractor
    return is_other_extractor or before.fetch == after.fetch
