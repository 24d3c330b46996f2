"""The authors in the byline: people before organizations."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import chain, islice

from lxml import etree

from khobor.article import Author, Evidence
from khobor.extract import json_ld
from khobor.extract.author_names import (
    is_agency,
    is_han_name,
    is_name,
    is_organization,
    is_organization_name,
    is_person,
    is_role,
    is_uncased,
)
from khobor.extract.author_places import AuthorPlaces, NamedAuthors
from khobor.extract.byline_elements import is_page_of_author
from khobor.extract.bylines import declared_names, other_contributors
from khobor.extract.document import Document
from khobor.extract.field_candidate import FieldCandidate
from khobor.extract.front_matter import FrontMatter
from khobor.extract.site_labels import SiteLabels
from khobor.extract.text import clean, comparable, is_large, lines_of, text_of
from khobor.sources.source import Rules

_Authors = tuple[Author, ...]
_Candidate = FieldCandidate[_Authors]

_MOST_AUTHORS = 12
_MOST_HOME_LINKS = 20
# What the evidence says if there are more names.
_CUT = f"… (the first {_MOST_AUTHORS})"
# An address with fewer is below the root, where pages of any kind are.
_FEWEST_SLASHES = 3
# Names of users: "jdoe2", "j.doe", "JaneD".
_HANDLE = re.compile(r"^[a-z]|[\d._]|[a-z][A-Z]")
_ACCOUNT = re.compile(r"[\d_.]")
# Text may be glued to so long a name of a site.
_LONG_NAME = 8
# Kinds of places in which an organization may be the author.
_DECLARED = frozenset({"json-ld", "microdata", "meta"})


def candidates(document: Document, rules: Rules, front_matter: FrontMatter) -> Iterator[_Candidate]:
    """Yield the authors by the source's rules, then by JSON-LD, microdata, meta elements and the markup.

    Organizations, and those whom the page calls its editors, are a last resort. A place where people and organizations
    stand together gives the people. The site itself is an author only where its data say so.

    Args:
        document: The page.
        rules: The source's rules.
        front_matter: The page's front matter.
    """
    reader = _Reader(document, front_matter)
    for selector in rules.authors:
        selected = [author for item in document.select_all(selector) for author in _selected(document, item)]
        if authors := _unique(map(reader.with_kind, selected)):
            yield _candidate(authors, NamedAuthors("source rule", "", "", []))
    places = AuthorPlaces(document, front_matter)
    first = [each for named in (*places.declared(), *places.bylines()) if (each := reader.candidate(named))]
    # Of equally confirmed ones, the byline that says more comes first.
    yield from sorted(first, key=lambda candidate: not _says_more(candidate, first))
    # The other places may name somebody else, and take longer.
    if all(_are_organizations(candidate.value) for candidate in first):
        for named in chain(places.set_apart(), places.elsewhere() if not first else ()):
            if candidate := reader.candidate(named):
                yield candidate


def listed(document: Document, front_matter: FrontMatter, texts: Sequence[str]) -> Iterator[_Candidate]:
    """Yield the authors that the entry of a feed states, without the site itself and names of users such as "jdoe_2".

    Args:
        document: The page.
        front_matter: Its front matter.
        texts: What the entry states; a text may name several.
    """
    names = [name for text in texts for name in declared_names(text) if " " in name or not _ACCOUNT.search(name)]
    named = NamedAuthors("feed", "feed", "feed", [Author(name=name) for name in names])
    if candidate := _Reader(document, front_matter).candidate(named) if names else None:
        yield candidate


def confirms(witness: _Candidate, candidate: _Candidate) -> bool:
    """Whether a witness names the authors of a candidate, or, in the data, some of the authors of a byline.

    Args:
        witness: The candidate that may confirm.
        candidate: The candidate to be confirmed.
    """
    one, other = ({comparable(author.name) for author in each.value} for each in (witness, candidate))
    if witness.evidence.origin in _DECLARED and candidate.evidence.origin == "heuristic":
        added = [author.name for author in candidate.value if comparable(author.name) not in one]
        return one == other or (one < other and all(map(_is_whole, added)) and _are_linked_alike(candidate.value))
    return one == other


def _says_more(candidate: _Candidate, others: Sequence[_Candidate]) -> bool:
    """Whether a byline has all authors that a place in the data names, and more."""
    return any(len(each.value) < len(candidate.value) and confirms(each, candidate) for each in others)


def _is_whole(name: str) -> bool:
    """Whether a name is a person's given and family name, not a place, and nothing is glued to it."""
    if is_uncased(name):
        return " " in name or is_han_name(name)
    return is_person(name) and not any(
        word[:3].isalpha() and word[:3].isupper() and not word.isupper() for word in name.split()
    )


def _are_linked_alike(authors: _Authors) -> bool:
    """Whether the pages of authors have one folder, or none has a page. A link elsewhere is not an author's."""
    folders = {author.url and author.url.rstrip("/").rpartition("/")[0] for author in authors}
    return len(folders) == 1 and not any(folder and folder.count("/") < _FEWEST_SLASHES for folder in folders)


def _are_organizations(authors: _Authors) -> bool:
    return all(author.kind for author in authors)


class _Reader:
    """Makes candidates of the authors that a page names.

    Args:
        document: The page.
        front_matter: Its front matter.
    """

    def __init__(self, document: Document, front_matter: FrontMatter) -> None:
        self._document = document
        self._sites = document.site_names
        lines = (*front_matter.lines, *front_matter.closing)
        self._editors = {comparable(name) for line in lines for name in other_contributors(line.text)}
        # What one place calls an organization is one everywhere.
        self._organizations: set[str] = set()

    def candidate(self, named: NamedAuthors) -> _Candidate | None:
        """Return the candidate of a place, None if it names nobody."""
        # Most lines name nobody.
        if not named.authors:
            return None
        authors = _unique(map(self.with_kind, named.authors))
        self._organizations |= {comparable(author.name) for author in authors if author.kind}
        people = tuple(author for author in authors if author.kind is None)
        others = tuple(author for author in authors if author.kind is None or not self._is_of_site(author))
        co_authors = tuple(
            each for each in others if each.kind is None or not self._begins_with_site(comparable(each.name))
        )
        if people:
            # An agency is a co-author; behind a name that a reader sees, a desk says where the people work.
            is_declared = named.origin in _DECLARED
            named_together = tuple(
                each for each in co_authors if each.kind is None or is_declared or is_agency(each.name)
            )
            are_editors = all(comparable(author.name) in self._editors for author in people)
            are_known = all(comparable(author.name) in self._people for author in people)
            are_doubtful = _are_handles(people, named) or self._are_owners(people, named)
            are_others = are_editors or (are_doubtful and not are_known)
            return _candidate(named_together, named, is_last_resort=are_others)
        if others or named.origin not in _DECLARED:
            # A byline may call the site its author, and link to a page about it.
            authors = others or tuple(each for each in authors if is_page_of_author(each.url))
        return _candidate(authors, named, is_last_resort=True) if authors else None

    def _are_owners(self, people: _Authors, named: NamedAuthors) -> bool:
        """Whether a meta element names those after whom the site is called, as themes do where nobody else is named."""
        return named.origin == "meta" and all(comparable(author.name) in self._owners for author in people)

    @cached_property
    def _owners(self) -> frozenset[str]:
        """The texts of links to the home page."""
        labels = SiteLabels(self._document)
        links = (link for link in self._document.elements("a") if labels.is_home_link(link) and not is_large(link))
        return frozenset(comparable(text_of(link)) for link in islice(links, _MOST_HOME_LINKS))

    def _is_of_site(self, author: Author) -> bool:
        """Whether a name is the site's, or begins with it without a space, as where a date is glued to it."""
        joined = comparable(author.name).replace(" ", "")
        is_glued = any(len(site) >= _LONG_NAME and joined.startswith(site) for site in self._sites)
        return self._is_site(author.name) or (is_glued and not self._begins_with_site(comparable(author.name)))

    def with_kind(self, author: Author) -> Author:
        """Return an author, marked as an organization if it is one."""
        name = comparable(author.name)
        if is_organization(author.name):
            return replace(author, kind="organization")
        if author.kind or name in self._organizations or self._is_site(author.name) or self._begins_with_site(name):
            return replace(author, kind=None if name in self._people else "organization")
        return author

    @cached_property
    def _people(self) -> frozenset[str]:
        """The names that the site may have because it is a person's.

        Either the data call its publisher a person, or they call the author one and the publisher otherwise.
        """
        article = self._document.article
        publishers = _things(article.get("publisher"))
        people = set(_names(each for each in publishers if "Person" in json_ld.types(each)))
        others = [name for name in _names(publishers) if name not in people]
        if others:
            declared = _names(each for each in _things(article.get("author")) if "Person" in json_ld.types(each))
            people.update(name for name in declared if is_person(name) and not _is_alike_any(name, others))
        return frozenset(map(comparable, people))

    def _is_site(self, name: str) -> bool:
        joined = comparable(name).replace(" ", "")
        return joined in self._sites or joined.removeprefix("the") in self._sites

    def _begins_with_site(self, name: str) -> bool:
        """Whether a name begins with the site's, such as the desk "Courier Harbour"."""
        words = name.split()
        return any("".join(words[:end]) in self._sites for end in range(1, len(words)))


def _things(value: object) -> list[json_ld.Thing]:
    """Return the things of a property that has one or several."""
    values = value if isinstance(value, list) else [value]
    return [each for each in values[:_MOST_AUTHORS] if isinstance(each, Mapping)]


def _names(things: Iterable[json_ld.Thing]) -> list[str]:
    return [name for each in things for name in json_ld.texts(each.get("name"))]


def _is_alike_any(name: str, others: Iterable[str]) -> bool:
    """Whether a name has a word in common with one of several others, or is a part of it."""
    words = comparable(name).split()
    forms = [comparable(other) for other in others]
    return any(not set(words).isdisjoint(form.split()) or "".join(words) in form.replace(" ", "") for form in forms)


def _are_handles(people: _Authors, named: NamedAuthors) -> bool:
    """Whether these may be names of users, which another place spells out, or single words that are no names."""
    single = [author for author in people if " " not in author.name and any(map(str.islower, author.name))]
    # A byline that links to an author's page names an author, if only by a given name.
    is_sure = named.origin in _DECLARED or all(is_page_of_author(author.url) for author in single)
    are_handles = not is_sure or all(_HANDLE.search(author.name) for author in single)
    return len(single) == len(people) and are_handles


def _candidate(authors: _Authors, named: NamedAuthors, *, is_last_resort: bool = False) -> _Candidate:
    first = authors[:_MOST_AUTHORS]
    text = ", ".join(author.name for author in first)
    text = text if len(authors) == len(first) else f"{text} {_CUT}"
    evidence = Evidence(origin=named.origin, text=text)
    place = named.place or named.origin
    return FieldCandidate(first, evidence, place, named.witness or place, is_last_resort)


def _selected(document: Document, item: etree._Element | str) -> Iterator[Author]:
    """Yield the authors that a source's rule selects: each line is a name, unless it is a role."""
    if isinstance(item, str):
        yield Author(name=clean(item))
        return
    url = document.resolve(item.get("href"))
    lines = lines_of(item)
    yield from (Author(name=line, url=url) for line in lines if len(lines) == 1 or not is_role(line))


def _unique(authors: Iterable[Author]) -> _Authors:
    by_name: dict[str, Author] = {}
    for author in authors:
        name = comparable(author.name)
        if name and (is_organization_name(author.name) if author.kind else is_name(author.name)):
            by_name.setdefault(name, author)
    return tuple(by_name.values())
