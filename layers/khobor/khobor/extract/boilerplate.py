"""What stands on pages of news and is no part of the article, as vocabulary."""

import re

# Elements that never hold the text of an article.
SKIPPED_TAGS = frozenset(
    {"script", "style", "noscript", "template", "nav", "footer", "form", "button", "select", "textarea", "svg"}
    | {"canvas", "dialog", "menu", "input", "label"}
)

_PART = (
    r"advert\w*|ads?|adbox|banner|sponsor\w*|promo\w*|outbrain|taboola|"
    r"comments?|disqus|respond|"
    r"related\w*|recommend\w*|read-?more|readmore|more-?(?:news|stories|articles|on)|most-?(?:read|popular|viewed)|"
    r"popular|trending|latest|also-?(?:read|like)|"
    r"shar(?:e|ing)\w*|social\w*|follow\w*|addtoany|sharedaddy|"
    r"newsletter\w*|subscri\w*|paywall|signup|sign-up|login|register|"
    r"breadcrumbs?|pagination|pager|menu|navbar|navigation|sidebar|side-?bar|widget\w*|toolbar|skip-link|"
    r"cookies?|consent|gdpr|modal|popup|overlay|tooltip|"
    r"tags?|tag-?list|topics|keywords|print-?only|screen-reader\w*|visually-?hidden|sr-only|"
    r"author-?(?:bio|box|info)|byline\w*|footer|copyright|disclaimer|jp-relatedposts|wp-block-button"
)
_BOILERPLATE_NAME = re.compile(rf"(?:^|[\s_-])(?:{_PART})(?:$|[\s_-])")
# Names that hold the article whatever else they say.
_CONTENT_NAME = re.compile(
    r"(?:article|story|post|news)-?(?:body|content|text)|(?:entry|main)-?content|"
    r"body-?(?:text|content)|content-?body"
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
_ROLES = frozenset({"navigation", "complementary", "banner", "contentinfo", "search", "dialog", "alert"})

# Sentences that lead away from the article; each stands for itself as a paragraph.
_SENTENCE = re.compile(
    r"(?:read (?:more|also|next)|also read|see also|related|more on this|click here|sign up|subscribe|follow us|"
    r"advertisement|share this|watch|listen|continue reading|story continues below|recommended|"
    r"copyright|all rights reserved|©|"
    r"lesen sie (?:auch|mehr)|mehr zum thema|weiterlesen|anzeige|lire aussi|à lire aussi|leer más|leia mais|"
    r"leggi anche|lees ook|читайте также|"
    r"আরও পড়ুন|আরো পড়ুন|আরও দেখুন|মন্তব্য করুন|বিজ্ঞাপন|এ সম্পর্কিত|সর্বশেষ খবর পেতে|ফিডটি অনুসরণ করুন)\b",
)
_LONGEST_SENTENCE = 160


def is_boilerplate_name(names: str) -> bool:
    """Whether an element's class and id say that it is no part of the article."""
    lower = names.lower()
    return bool(_BOILERPLATE_NAME.search(lower)) and not _CONTENT_NAME.search(lower)


def is_hidden(style: str | None, *, hidden: bool) -> bool:
    """Whether an element is not shown."""
    return hidden or bool(style and _HIDDEN.search(style.lower()))


def is_boilerplate_role(role: str | None) -> bool:
    """Whether a WAI-ARIA landmark is no part of the article."""
    return role in _ROLES


def is_boilerplate_sentence(text: str) -> bool:
    """Whether a paragraph leads away from the article."""
    return len(text) <= _LONGEST_SENTENCE and bool(_SENTENCE.match(text.lower()))
