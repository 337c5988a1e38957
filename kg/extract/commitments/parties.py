"""Of whom commitments are, and until when."""

from __future__ import annotations

from kg.edtf import earliest, latest
from kg.extract.bodies import home
from kg.extract.commitments.found import Place
from kg.extract.commitments.rules import due_of
from kg.extract.context import Context
from kg.extract.masked import Masked
from kg.model import Document, OrganisationClaim, PostClaim

_COMMITTEES = ("scrutiny-committee", "committee", "corporate-parenting-body", "panel", "board")


class Parties:
    """The council, the committee, and who decides, of one document."""

    def __init__(self, document: Document, context: Context) -> None:
        self._day = document.identity.date.value if document.identity.date else None
        committees = (c.name for c in context.of(OrganisationClaim) if c.type in _COMMITTEES)
        self.council = home(document).council
        own = context.own.event if context.own else None
        met = own.body if own and own.kind == "meeting" else None
        self.committee = next(committees, None) or met
        self.decider = self._decider(document.identity.kind, context)
        self._usual = {
            "council": self.council,
            "decider": self.decider,
            "committee": self.committee,
            "author": "Children's Services Commissioner",
            "department": "Department for Education",
        }

    def whose(self, usual: str, said: str | None, place: Place) -> str | None:
        """Whom the words say, else whom the rule names, else the council."""
        if said or usual != "named":
            return said or self._usual.get(usual, self.council)
        bodies = (e.name for s in place.sentences for e in s.entities if e.kind == "O")
        return next(bodies, self.council)

    def due(self, *sentences: Masked) -> str | None:
        """The first due date in some sentences."""
        return next(filter(None, (self.later(due_of(each)) for each in sentences)), None)

    def later(self, due: str | None) -> str | None:
        """A due date, unless it lies before the document."""
        past = due and self._day and latest(due) < earliest(self._day)
        return None if past else due

    def _decider(self, kind: str, context: Context) -> str | None:
        """Who decides: a report's addressee, or whoever gives a direction."""
        ministers = [c.post for c in context.of(PostClaim) if "Education" in (c.organisation or "")]
        offices = [name for name in ministers if "Secretary" in name or "Minister" in name]
        if kind.startswith("statutory"):
            offices.sort(key=lambda name: not name.startswith("Secretary of State"))
        return offices[0] if offices else self.council
