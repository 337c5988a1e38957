"""The differences between what two generations hold, in one order.

An issue is named by its first finding, so an older document gives it another id. It is the
same issue while it keeps findings: an issue that is new by id continues one that is gone by id
when most of the latter's findings are its own, or some of them and the name.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.changes.held import Held, IssueState
from kg.changes.records import Change


def compare(old: Held, new: Held) -> Iterator[Change]:
    """All changes: documents, their findings, issues, disagreements."""
    yield from _documents(old, new)
    yield from _findings(old, new)
    yield from _issues(old, new)
    yield from _disagreements(old, new)


def _documents(old: Held, new: Held) -> Iterator[Change]:
    for document in sorted(new.documents.keys() - old.documents.keys()):
        authority = new.documents[document]
        yield Change("document", "added", document, authority, (document,))
    for document in sorted(old.documents.keys() - new.documents.keys()):
        yield Change("document", "removed", document, old.documents[document])


def _findings(old: Held, new: Held) -> Iterator[Change]:
    """Findings of documents that both hold; those of a new document come with it."""
    for document in sorted(new.documents.keys() & old.documents.keys()):
        before, now = (held.findings.get(document, frozenset()) for held in (old, new))
        if before != now:
            yield Change(
                "findings",
                "changed",
                document,
                new.documents[document],
                (document,),
                gained=len(now - before),
                lost=len(before - now),
            )


def _issues(old: Held, new: Held) -> Iterator[Change]:
    continued = _continued(old.issues, new.issues)
    for ident, issue in sorted(new.issues.items()):
        was = continued.get(ident)
        change = _issue(ident, issue, was, old.issues[was] if was else None)
        if change:
            yield change
    for ident in sorted(old.issues.keys() - set(continued.values())):
        gone = old.issues[ident]
        yield Change("issue", "removed", ident, gone.authority, label=gone.label)


def _issue(ident: str, now: IssueState, was: str | None, old: IssueState | None) -> Change | None:
    events = set(now.occurrences.values())
    if was is None or old is None:
        return Change(
            "issue",
            "added",
            ident,
            now.authority,
            label=now.label,
            status=now.status,
            events=tuple(sorted(events)),
        )
    before = set(old.occurrences.values())
    if (was, old.label, old.status, before) == (ident, now.label, now.status, events):
        return None
    return Change(
        "issue",
        "changed",
        ident,
        now.authority,
        label=now.label,
        label_before=old.label if old.label != now.label else "",
        status=now.status,
        status_before=old.status if old.status != now.status else "",
        was=was if was != ident else "",
        events=tuple(sorted(events - before)),
        lost=len(before - events),
    )


def _continued(old: dict[str, IssueState], new: dict[str, IssueState]) -> dict[str, str]:
    """The earlier id of each issue that was held before."""
    found = {ident: ident for ident in new if ident in old}
    left = {ident: issue for ident, issue in sorted(old.items()) if ident not in found}
    for ident, issue in sorted(new.items()):
        alike = [was for was in left if ident not in found and _same(left[was], issue)]
        if alike:
            likest = max(alike, key=lambda was: _shared(left[was], issue))
            found[ident] = likest
            del left[likest]
    return found


def _same(old: IssueState, new: IssueState) -> bool:
    """Whether most of an issue's findings, or its name and some of them, are now another's."""
    shared, named = _shared(old, new), (old.label, old.authority) == (new.label, new.authority)
    return 2 * shared > len(old.occurrences) or (named and shared > 0)


def _shared(one: IssueState, other: IssueState) -> int:
    return len(one.occurrences.keys() & other.occurrences.keys())


def _disagreements(old: Held, new: Held) -> Iterator[Change]:
    for ident in sorted(new.disagreements.keys() - old.disagreements.keys()):
        authority, documents = new.disagreements[ident]
        yield Change("disagreement", "added", ident, authority, tuple(sorted(documents)))
    for ident in sorted(old.disagreements.keys() - new.disagreements.keys()):
        yield Change("disagreement", "removed", ident, old.disagreements[ident][0])
