"""A page as a person reads it: its words, its links by their names."""

from __future__ import annotations

import html
import re


def words_of(page: str) -> str:
    """What is left of a page when its tags are taken away."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def link_to(page: str, label: str) -> str:
    """The address behind the link of this name."""
    links = re.finditer(r'<a [^>]*href="([^"]+)"[^>]*aria-label="([^"]+)"', page)
    return next(str(link[1]) for link in links if html.unescape(link[2]).startswith(label))


def href_of(page: str, words: str) -> str:
    """The address behind these words."""
    links = re.finditer(r'<a [^>]*href="([^"]+)"[^>]*>(.*?)</a>', page, re.DOTALL)
    found = next((link[1] for link in links if words_of(link[2]).strip().startswith(words)), "")
    return html.unescape(str(found))


def rows_in(page: str) -> int:
    """How many rows the tables of a page have, headings not counted."""
    return len(re.findall(r"<tr>\s*<td", page))
