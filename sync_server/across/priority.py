"""A child who is a priority when missing is reported missing: the incident manager hears of it at once.

Who that is, is who needs a trigger plan (R-32): in great danger by the exploitation team's last review, or
with the warning marker for it. A handheld says so too (PM-1 of the report), by the marker and by the level
that its pack has of the child; here it is known also of whoever was typed anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sync_server.across.asked import Over
from sync_server.across.findings import Finding
from sync_server.across.plans import why_in_danger
from sync_server.across.seen import REPORT, Episode, Filed, Seen, done_with
from sync_server.identity.accounts import Role

RULE, KIND = "PM-1", "priority_missing"
NEWS = timedelta(days=1)
"""So long after the report it is still something to be told."""


def priority_reports(seen: Seen) -> Iterator[Finding]:
    """One finding for each report of such a child who is still missing."""
    for episode in seen.episodes:
        report = _still_missing(episode)
        if report is None or seen.now - report.arrived > NEWS:
            continue
        records = seen.of_child[episode.child]
        if why_in_danger(seen, episode.child, records) is not None:
            yield Finding(
                rule=RULE,
                kind=KIND,
                owner=Role.FIM.value,
                on=report,
                due=seen.now + timedelta(minutes=seen.number("minutes_to_first_assessment_high", 20)),
                about=frozenset(one.subject for one in records),
                event=frozenset(one.record for one in episode.records),
            )


def ended_priority(seen: Seen) -> Iterator[Over]:
    """What had told of a priority is over once the child is back."""
    for one in seen.asked:
        if not one.is_open or one.kind != KIND or one.base != RULE:
            continue
        episode = seen.episode_of.get(one.record)
        back = next((it for it in episode.records if it.says_back), None) if episode else None
        if back is not None:
            yield done_with(one, back)


def _still_missing(episode: Episode) -> Filed | None:
    """The report of this time, unless it or another record says that the child is back."""
    if any(one.says_back or one.said("mis.returned_before_report") == "yes" for one in episode.records):
        return None
    return next((one for one in episode.records if one.type == REPORT), None)
