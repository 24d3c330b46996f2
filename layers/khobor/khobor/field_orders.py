"""The order of the fields in each place that shows them. A new field comes last unless its name is added here."""

from collections.abc import Iterable

from khobor.fields import BY_NAME, FIELDS, Field


def _in_order(fields: Iterable[Field], order: str) -> tuple[Field, ...]:
    """Return fields in an order of names; fields that it does not name follow at the end."""
    places = {name: place for place, name in enumerate(order.split())}
    return tuple(sorted(fields, key=lambda field: places.get(field.name, len(places))))


LISTED = _in_order(
    (field for field in FIELDS if field.is_listed),
    "title kicker description authors published_at modified_at edition source publisher section genre dateline "
    "language tags credits images body related is_accessible_for_free url canonical_url article_id raw",
)
COMPARED = _in_order(
    (field for field in FIELDS if field.is_compared),
    "kicker title description authors dateline published_at modified_at section tags images videos credits",
)
FACTS = _in_order(
    (field for field in FIELDS if field.console),
    "publisher language genre edition dateline credits description word_count related is_accessible_for_free rights "
    "article_id raw extraction",
)
# The columns of an export. Their order is part of the published schema, so names are only added at the end. A field
# that is missing here comes last. ``export/schema.py`` describes the columns that are not fields.
_PROMISED = (
    "article_id source url canonical_url title alternative_titles kicker description authors published_at modified_at "
    "language section breadcrumbs tags edition dateline genre word_count body_text body images videos links related "
    "credits is_accessible_for_free rights publisher fetched_at listed_at raw extraction evidence content_hash simhash"
)
COLUMNS = tuple(dict.fromkeys([*_PROMISED.split(), *BY_NAME]))
