"""What cannot be answered, and what is said instead: the reason, and what is nearest."""

from __future__ import annotations

from collections.abc import Sequence

from kg.edtf import compatible, earliest, latest
from kg.gazetteer import authorities
from search.ask import absence, timing
from search.ask.able import STRICT
from search.ask.cues import cues
from search.ask.evidence import Evidence
from search.ask.fit import Fit
from search.ask.forms import forms
from search.ask.records import Answer, Citation, Reading, Refusal
from search.ask.verdict import verdict
from search.ask.vocabulary import Vocabulary
from search.ask.words import date_words
from search.words import words


def before(reading: Reading, vocabulary: Vocabulary) -> Answer | None:
    """Refuse what no search could answer: private matters, other places, other times."""
    if reading.has("private") and reading.has("personal") and reading.asks in PERSONS:
        return refuse(reading, "private", PRIVATE)
    if reading.has("personal-life"):
        return refuse(reading, "private", PRIVATE)
    elsewhere = reading.all("elsewhere")
    if elsewhere and not reading.all("authority"):
        held = ", ".join(_name(slug) for slug in sorted(vocabulary.authorities))
        says = f"No loaded document is about {_labels(reading)}; they are about {held}."
        return refuse(reading, "outside-places", says)
    first, last = vocabulary.period
    due = reading.has("outcome") and reading.has("undertaking")  # a date that was set, then
    if reading.dates and first and not due and all(_outside(d, first, last) for d in reading.dates):
        return refuse(
            reading,
            "outside-period",
            f"The loaded documents run from {date_words(first)} to {date_words(last)}.",
        )
    return None


PERSONS = ("person", "passage", "list", "body")
"""Kinds of answer that would tell of somebody."""

PRIVATE = "The service holds nothing about private persons, only about holders of public posts."


WEAK, PLACED = 0.33, 0.42
"""Score from which a sentence supports an answer by its words alone, and with place, date
and kind of content counted."""


OFF, NEAR, NOTHING = 0.5, 0.61, 0.85
"""Share of the topic's words that may be in none of the passages quoted, the cosine from which
they may nevertheless say it in other words, and the share from which even that is no sign."""


def after(
    reading: Reading, cited: Sequence[Fit], vocabulary: Vocabulary, missing: float = 0.0
) -> Answer | None:
    """Refuse what the passages found do not support."""
    nearest = tuple(_citation(fit) for fit in cited[:3])
    absent = [link.label for link in reading.links if link.slot == "absent"]
    if absent and not reading.documents and not _told(reading, cited):
        says = f"No loaded document reports this ({absent[0]}), and none retells it."
        return refuse(reading, "not-loaded", says, nearest)
    if _says_nothing(reading):
        return refuse(reading, "ambiguous", "Say what you want to know about.")
    if not cited or not any(f.evidence.score >= WEAK or f.total >= PLACED for f in cited[:3]):
        return refuse(reading, "weak", "The documents do not say.", nearest)
    if _beside(reading, cited, missing):
        return refuse(reading, "weak", "The documents do not speak of this.", nearest)
    if denied := _denied(reading, cited):
        says = "The documents say that there was none."
        return refuse(reading, "not-recorded", says, (_citation(denied),))
    if reading.asks == "cause" and not any(
        timing.told(f.evidence.text, reading) for f in cited[:SPOKEN]
    ):
        return refuse(reading, "weak", "The documents do not say that this happened.", nearest)
    if reading.documents and reading.asks in ("passage", "list") and not _there(reading, cited):
        says = f"Nothing on this stands in the {vocabulary.name(reading.documents[0])}."
        return refuse(reading, "not-recorded", says, nearest)
    return _of_kind(reading, cited, nearest, vocabulary)


SPOKEN = 4
"""Sentences of which one must say that what is asked about happened."""

CAUSED = 0.45
"""The cosine that one of them needs where a cause is asked for."""


def _beside(reading: Reading, cited: Sequence[Fit], missing: float) -> bool:
    """Whether what was found speaks of something else, by the words that it lacks; why a thing
    happened is told only by what speaks of that very thing."""
    caused = (f.evidence.cosine >= CAUSED and _of_time(f, reading) for f in cited[:SPOKEN])
    if reading.asks == "cause" and not any(caused):
        return True
    if missing < OFF:
        return False
    return missing >= NOTHING or not any(f.evidence.cosine >= NEAR for f in cited[:3])


def _of_time(fit: Fit, reading: Reading) -> bool:
    """Whether a sentence is of the time asked about, or of a document that looks back on it."""
    return not reading.dates or fit.dated or fit.soon


def _denied(reading: Reading, cited: Sequence[Fit]) -> Fit | None:
    """A sentence of the time asked about that there was none of the one thing of which a
    question takes for granted that there was one: "the serious case review"."""
    if reading.asks in ("yes-no", "number") or not reading.topic.lower().startswith("the "):
        return None
    told = (f for f in cited if f.dated and absence.denies(f.evidence.text, reading.topic))
    return next(told, None)


def _says_nothing(reading: Reading) -> bool:
    """Whether a question names no topic, document or thing: "What was found?"."""
    things = ("document", "post", "body", "domain", "measure", "assertor")
    said = cues().named["general"].sub(" ", reading.topic)
    return (
        all(word.is_stop or word.printed.isdigit() for word in words(said))
        and reading.asks in ("list", "passage")
        and not any(map(reading.all, things))
    )


def which(answer: Answer, vocabulary: Vocabulary) -> Answer | None:
    """Ask which authority is meant where one value is asked for and several could give it."""
    reading = answer.reading
    if not answer.answered or reading is None or reading.all("authority"):
        return None
    main = answer.citations[: len(answer.rows) or 2]
    several = vocabulary.among(c.document.id for c in main)
    if reading.has("which-authorities"):
        return None
    single = reading.asks in STRICT or (answer.form and forms()[answer.form].agree)
    if not single or len(several) < 2 or reading.documents:
        return None
    names = ", ".join(_name(slug) for slug in sorted(several))
    says = f"This could be about several authorities: {names}. Name the one you mean."
    return refuse(reading, "ambiguous", says, answer.citations[:3], answer.form)


def _there(reading: Reading, cited: Sequence[Fit]) -> bool:
    """Whether the documents named say something of the topic."""
    named = set(reading.documents)
    return any(
        f.evidence.document.id in named and (f.evidence.terms >= 0.4 or f.evidence.cosine >= 0.45)
        for f in cited
    )


def _of_kind(
    reading: Reading,
    cited: Sequence[Fit],
    nearest: tuple[Citation, ...],
    vocabulary: Vocabulary,
) -> Answer | None:
    """Refuse where the kind of thing asked for is nowhere among what supports it."""
    close = [fit for fit in cited if fit.total >= cited[0].total - CLOSE]
    if reading.asks in STRICT and not any(fit.able for fit in close):
        return refuse(reading, *_LACKING[reading.asks], nearest)
    told = [fit for fit in close if fit.able]
    if reading.asks == "person" and reading.has("name") and not _names(told, reading, vocabulary):
        return refuse(reading, *_LACKING["person"], nearest)
    if reading.asks == "yes-no" and not reading.has("disagree") and not _settled(reading, close):
        says = "The documents come near to this but do not settle it."
        return refuse(reading, "weak", says, nearest)
    if reading.asks == "date" and _only_planned(reading, told):
        says = "The documents record only a plan for this, not that it happened."
        return refuse(reading, "not-recorded", says, nearest)
    return None


CLOSE = 0.15
"""How far below the best a sentence may lie and still decide."""

_LACKING: dict[str, tuple[Refusal, str]] = {
    "grade": (
        "not-recorded",
        "No grade is recorded for this; focused and monitoring visits give none.",
    ),
    "number": ("not-recorded", "The documents speak of this but give no number for it."),
    "date": ("not-recorded", "The documents speak of this but give no date for it."),
    "person": ("unnamed", "The documents speak of this without saying who it was."),
    "body": ("unnamed", "The documents speak of this without naming the body."),
}


def _settled(reading: Reading, close: Sequence[Fit]) -> bool:
    """Whether the best sentence has enough of the question's words to be its answer, and no
    sentence beside it says the opposite; or says that there is none of what may be there."""
    best = close[0].evidence
    if reading.has("exists") and absence.denies(best.text, reading.topic):
        return best.cosine >= DENYING
    beside = [best, *(f.evidence for f in close if _as_near(f.evidence, best))]
    said = {verdict(reading.mended, evidence.text) for evidence in beside}
    enough = best.key and best.own >= SETTLED and best.cosine >= MEANT
    return enough and len(words(best.text)) <= LONGEST and len(said) == 1


def _as_near(evidence: Evidence, best: Evidence) -> bool:
    """Whether a sentence of the same passage has as many of the question's words."""
    return evidence.row == best.row and evidence.terms >= SETTLED


SETTLED, MEANT, LONGEST = 0.6, 0.55, 60
"""The share of the topic's words and the cosine from which one sentence says yes or no, and how
many words it has at most."""

DENYING = 0.4
"""The cosine from which a sentence that says "no" right before all of the topic's words denies
it."""


def _only_planned(reading: Reading, able: Sequence[Fit]) -> bool:
    """Whether it is asked when something happened and only its plan is told."""
    if reading.has("actual"):
        return not any(not f.content.planned and f.evidence.terms >= SETTLED for f in able)
    past = reading.has("past") and not reading.has("planned") and not reading.has("require")
    return past and able[0].content.ahead


def _names(close: Sequence[Fit], reading: Reading, vocabulary: Vocabulary) -> bool:
    """Whether one of the sentences holds a name that the graph has and the question has not."""
    new = [name for name in vocabulary.people if name.lower() not in reading.mended.lower()]
    return any(name in fit.evidence.text for fit in close for name in new)


def _told(reading: Reading, cited: Sequence[Fit]) -> bool:
    """Whether a sentence names the absent event's date and has most of the topic's words."""
    return any(
        fit.evidence.terms >= 0.5 and _months(reading.dates, fit.content.dates) for fit in cited
    )


def _months(asked: Sequence[str], held: Sequence[str]) -> bool:
    return any(compatible(a, h) for a in asked for h in held)


def _citation(fit: Fit) -> Citation:
    e = fit.evidence
    return Citation(e.document, e.passage, e.text, e.start, e.end)


def _labels(reading: Reading) -> str:
    slugs = dict.fromkeys(link.label for link in reading.links if link.slot == "elsewhere")
    return ", ".join(_name(slug) for slug in slugs)


def _name(slug: str) -> str:
    known = authorities().get(slug)
    return known.name if known else slug.replace("-", " ").title()


def _outside(date: str, first: str, last: str) -> bool:
    """After the last document; what lies before the first may still be told in one."""
    return (bool(earliest(date)) and earliest(date) > last) or (
        bool(latest(date)) and latest(date) < str(int(first[:4]) - 15)
    )


def refuse(
    reading: Reading,
    why: Refusal,
    says: str,
    nearest: tuple[Citation, ...] = (),
    form: str | None = None,
) -> Answer:
    """No answer, with the reason; what comes nearest is cited."""
    return Answer(
        question=reading.question,
        answered=False,
        answer="",
        values=(),
        rows=(),
        sparql=None,
        citations=nearest,
        reason=says,
        form=form,
        refusal=why,
        reading=reading,
    )
