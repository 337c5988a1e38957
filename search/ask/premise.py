"""What a question for a reason takes for granted: that a council had the grade that it names.

"Why was Kelland inadequate in 2020?" has no answer where it was good.
"""

from __future__ import annotations

from search.ask.forms import forms, linked
from search.ask.gates import refuse
from search.ask.records import Answer, Reading
from search.ask.run import Runner, row_words
from search.ask.slots import Slots


def denied(reading: Reading, slots: Slots, runner: Runner) -> Answer | None:
    """Refuse to explain a grade where the judgements of that time that are held say otherwise."""
    if reading.asks != "cause" or len(reading.all("grade")) != 1 or len(reading.dates) > 1:
        return None
    name = "grade-check" if reading.dates else "grade-check-latest"
    form = forms()[name]
    if reading.has("compare") or not all(linked(need, slots) for need in form.needs):
        return None
    found = runner.run(form, reading, slots)
    if not found.rows or any(row["verdict"] == "Yes" for row in found.rows):
        return None
    row = row_words(form, found.rows[0]).removeprefix("No: ")
    says = f"The documents do not say so: {row.rstrip('.')}."
    return refuse(reading, "not-recorded", says, found.cited[0], form=name)
