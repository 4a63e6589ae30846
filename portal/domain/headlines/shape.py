"""The shape of a headline, and words that several pages share."""

from __future__ import annotations

from typing import NamedTuple

from portal.domain.wording import count_words, plural, sentence, verb

AUDIT_NAMES = {"internal": "Internal audit", "stage1": "Stage 1", "stage2": "Stage 2"}


class Headline(NamedTuple):
    """Hold a page's headline and the sentences below it; the lede may be empty."""

    headline: str
    lede: str = ""


def joined(*sentences: str) -> str:
    """Return the sentences that are not empty as one paragraph."""
    return " ".join(text for text in sentences if text)


def things(number: int) -> str:
    """Return 'two things in the way', or 'nothing in the way'."""
    return f"{plural(number, 'thing')} in the way" if number else "nothing in the way"


def are(number: int, one: str, rest: str, many: str = "") -> str:
    """Return a sentence's beginning with its verb: 'Two findings are late'."""
    return sentence(f"{plural(number, one, many)} {verb(number, 'is', 'are')} {rest}")


def of_them(number: int, rest: str) -> str:
    """Return ', two of them late', or nothing for none."""
    return f", {count_words(number)} of them {rest}" if number else ""
