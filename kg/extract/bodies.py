"""Names of bodies in a line of text, and whose document it is.

Three kinds of knowledge find them: bodies known everywhere, bodies that each authority has
one of, and shapes of names ("… NHS Foundation Trust"). All three are ``ontology/bodies.yaml``;
local authorities come from the gazetteer, so that every printed form gives one name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from kg import gazetteer
from kg.extract.flat import lines
from kg.extract.lexicon import LocalBody, Shape, bodies, pattern, posts
from kg.model import Document
from kg.needed import Rule

_COUNCIL = re.compile(
    r"\b((?!This|The|Full|Youth|Care|Our|If|When|And)[A-Z][a-z]+"
    r"(?:(?: and| upon| on| of|-)? [A-Z][a-z]+){0,3}?)"
    r"(?: (?:City|County|Borough|District|Metropolitan|London))* (?:Council|COUNCIL)\b"
)
_CAPITALS = re.compile(
    r"\b([A-Z]{3,}(?: [A-Z]{3,})*?)(?: (?:CITY|COUNTY|BOROUGH|DISTRICT|METROPOLITAN))* COUNCIL\b"
)
_PLACE = re.compile(
    r"\b(?!The|Local|Children|Our)([A-Z][a-z]+(?: (?!Local)[A-Z][a-z]+)?)"
    r"(?:'s)? (?:Local )?"
    r"(?:Safeguarding (?:Children|Partnership)|local authority|children's services|LSCB)"
    r"|\b(?:care|services|Improvement) in (?!January|February|March|April|May\b|June|July|August|"
    r"September|October|November|December)([A-Z][a-z]+)\b"
)
_COUNCIL_WORDS = re.compile(
    r"\b(?:City|County|Borough|District|Metropolitan|London|Royal|Council|COUNCIL|of)\b", re.I
)
_FORMAL = re.compile(r"council|corporation|mbc|authority|borough|city of|county of", re.I)
_JOINTS = re.compile(r",? (?:and|&) (?:the )?|, ")
_PLAIN = frozenset({"local-authority", "police", "nhs-trust", "ccg", "icb"})
"""Types of bodies whose names have no comma in them."""

_JOINED = re.compile(r"(?: (?:and|of))+$")
_RUN = (
    r"(?:[A-Z][\w'/-]*(?:,? and | (?:of|for|upon) (?:the )?| & |, | )"
    r"|(?:20|19)\d\d )*"
)


@dataclass(frozen=True)
class Named:
    """A body at ``start:end`` of a line; ``local`` when it is the document's authority's."""

    start: int
    end: int
    name: str
    type: str
    part_of: str = ""
    local: bool = False
    rank: int = 0


@dataclass(frozen=True)
class Home:
    """The authority that a document is about: its council's name and names of its place."""

    council: str | None
    places: tuple[str, ...]


def home(document: Document) -> Home:
    """The document's authority, from its identity or else the council it names most."""
    identity = document.identity.authority
    known = gazetteer.authorities().get(identity.value) if identity else None
    if known:
        return Home(known.council, (known.name, *known.aliases))
    return _home_of("\n".join(line.text for line in lines(document)))


def main_council(document: Document) -> str | None:
    """The name of the council that a document is about."""
    return home(document).council


@cache
def _home_of(text: str) -> Home:
    """The council that an unknown authority's document names most, the first lines twice over."""
    councils: Counter[str] = Counter()
    places: Counter[str] = Counter()
    for number, line in enumerate(text.splitlines()):
        weight = 3 if number < 12 else 1
        for match in _COUNCIL.finditer(line):
            councils[match.group()] += weight
        for match in _CAPITALS.finditer(line if number < 12 else ""):
            councils[match.group().title()] += 2 * weight
        for match in _PLACE.finditer(line):
            places[match[1] or match[2]] += weight
    for name, count in councils.items():
        places[_place_of(name)] += count
    if not places:
        return Home(None, ())
    place = max(places, key=lambda name: places[name])
    own = [name for name in councils if _place_of(name) == place]
    return Home(max(own, key=lambda name: councils[name], default=f"{place} Council"), (place,))


def _place_of(council: str) -> str:
    return " ".join(_COUNCIL_WORDS.sub(" ", council).split())


def find(text: str, where: Home) -> list[Named]:
    """Bodies in one line, in order; longer names win where two overlap."""
    found = [*_national(text), *_local(text, where), *_authorities(text, where)]
    found += _shaped(text, where)
    found.sort(key=lambda body: (body.start - body.end, body.rank))
    kept: list[Named] = []
    for body in found:
        if all(body.end <= other.start or other.end <= body.start for other in kept):
            kept.append(body)
    return sorted(kept, key=lambda body: body.start)


def _national(text: str) -> Iterator[Named]:
    rule, names = _national_rule()
    for match in rule.finditer(text):
        body = names[match.group()]
        yield Named(match.start(), match.end(), body[0], body[1])


@cache
def _national_rule() -> tuple[re.Pattern[str], dict[str, tuple[str, str]]]:
    names = {alias: (body.name, body.type) for body in bodies().national for alias in body.aliases}
    longest = sorted(map(re.escape, names), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(longest)})(?![\w-])"), names


def _local(text: str, where: Home) -> Iterator[Named]:
    for number, (body, rule) in enumerate(_local_rules()):
        if not rule.search(text):
            continue
        for match in _placed(where.places, number).finditer(text):
            start = match.start() + len(match.group()) - len(_bare(match.group()))
            end = match.start() + len(match.group().rstrip(" ,"))
            yield Named(start, end, body.name, body.type, body.part_of, local=True)
    for body, rule in _unnamed_rules():
        for match in rule.finditer(text):
            yield Named(match.start(), match.end(), body.name, body.type)


@cache
def _local_rules() -> tuple[tuple[LocalBody, Rule], ...]:
    """The bodies that each authority has one of, named without its place."""
    return tuple(
        (body, Rule(re.compile(pattern(body.forms, body.exact).pattern))) for body in bodies().local
    )


@lru_cache(maxsize=1024)
def _placed(places: tuple[str, ...], number: int) -> re.Pattern[str]:
    """A rule with the place before it, where that is printed; few documents need many of them."""
    place = "|".join(re.escape(name) for name in places)
    before = rf"(?:(?:{place})(?:'s)? (?:local authority )?)?" if places else ""
    return re.compile(before + _local_rules()[number][1].pattern.pattern)


@cache
def _unnamed_rules() -> tuple[tuple[LocalBody, Rule], ...]:
    return tuple((body, Rule(pattern(body.forms, body.exact))) for body in bodies().unnamed)


def _bare(name: str) -> str:
    return re.sub(r"^(?:the|The) ", "", name)


def _authorities(text: str, where: Home) -> Iterator[Named]:
    for named in gazetteer.find(text):
        if named.formal and _FORMAL.search(text[named.start : named.end]):
            council = gazetteer.authorities()[named.slug].council
            yield Named(named.start, named.end, council, "local-authority", rank=-1)
    if where.council:
        for match in re.finditer(re.escape(where.council), text, re.I):
            yield Named(match.start(), match.end(), where.council, "local-authority", rank=-1)
        for match in re.finditer(
            r"\b[Tt](?:he|his) ((?:local )?authority|Authority|Council|council)\b"
            r"(?!s? [A-Z]|-|'s? [Pp]lan)",
            text,
        ):
            yield Named(match.start(1), match.end(1), where.council, "local-authority", rank=1)


def _shaped(text: str, where: Home) -> Iterator[Named]:
    for shape, rule in _shape_rules():
        for match in rule.finditer(text):
            yield from _shape(shape, match, text, where)


@cache
def _shape_rules() -> tuple[tuple[Shape, Rule], ...]:
    out = []
    for shape in bodies().shapes:
        if shape.ends:
            ends = "|".join(re.escape(end) for end in sorted(shape.ends, key=len, reverse=True))
            out.append((shape, Rule(re.compile(rf"(?<![\w'-]){_RUN}(?:{ends})(?![\w-])"))))
        else:
            starts = "|".join(map(re.escape, shape.starts))
            words = rf"(?: (?:[A-Z][\w'-]*|and(?= [A-Z])|of(?= [A-Z]))){{1,{shape.next}}}"
            out.append((shape, Rule(re.compile(rf"(?<![\w'-])(?:{starts}){words}"))))
    return tuple(out)


def _shape(shape: Shape, match: re.Match[str], text: str, where: Home) -> Iterator[Named]:
    after = re.match(r" ?([\w']+)", text[match.end() :])
    if after and after[1].lower() in bodies().not_after and after[1][0].isupper():
        return
    for start, end in _segments(match.group(), shape):
        start, end = match.start() + start, match.start() + end
        end -= len(text[start:end]) - len(_JOINED.sub("", text[start:end]))
        name = text[start:end]
        if name.lower() not in bodies().not_names and 1 < len(name.split()) <= 10:
            yield _home_body(Named(start, end, name, shape.type, rank=2), where)


def _segments(run: str, shape: Shape) -> Iterator[tuple[int, int]]:
    """The names in a run of capitals that may list several: "Vale Trust, Moor Trust"."""
    start = 0
    for joint in [*_JOINTS.finditer(run), None]:
        end = joint.start() if joint else len(run)
        left = run[start:end]
        closed = any(left.endswith(end_) for end_ in shape.ends) or not shape.ends
        known = _national_rule()[0].fullmatch(left) or left.split(" ")[-1] in _last_words()
        if joint and not (closed or known or _divides(shape, joint.group(), left)):
            continue
        first = start + _leading(left)
        if (closed or joint is None) and (not shape.ends or len(run[first:end].split()) > 1):
            yield first, end
        start = joint.end() if joint else end


def _divides(shape: Shape, joint: str, before: str) -> bool:
    """Whether a joint ends what stands before a name.

    Councils are listed, but "Moor and Vale Trust" is one; before a comma stands a person or a
    title, unless its words are such as bodies are named by ("Education, Health and Care Board").
    """
    if "and" in joint or "&" in joint:
        return shape.type == "local-authority"
    plain = shape.type in _PLAIN or not any(w in _themes() for w in before.lower().split())
    return "," in joint and plain


def _home_body(body: Named, where: Home) -> Named:
    """The authority's own body where the name, without the place, is one of its forms."""
    bare = body.name
    for place in where.places:
        bare = bare.removeprefix(f"{place} ").removeprefix(f"{place}'s ")
    for local, rule in _local_rules():
        found = rule.fullmatch(bare)
        if found:
            return Named(body.start, body.end, local.name, local.type, local.part_of, True, 2)
    return body


@cache
def _themes() -> frozenset[str]:
    return posts().portfolio


@cache
def _last_words() -> frozenset[str]:
    return frozenset(end.split()[-1] for shape in bodies().shapes for end in shape.ends)


def _leading(name: str) -> int:
    """How much of a run of capitals stands before the name: articles, titles, offices."""
    cut = 0
    for word in re.finditer(r"[\w'-]+", name):
        joint = re.match(r"(?: of| for|,)?(?: the)? ", name[word.end() :])
        ends = word.group().lower() in bodies().cut_after or word.group().endswith("'")
        if ends and joint:
            cut = max(cut, word.end() + joint.end())
    while opening := re.match(r"[\w'-]+ ", name[cut:]):
        if opening.group().strip().lower() not in bodies().not_first:
            break
        cut += opening.end()
    return cut
