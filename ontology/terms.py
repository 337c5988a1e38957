"""The terms of ``findings.ttl`` and of the vocabularies it reuses, checked by the type checker.

``fg("Finding")`` is the class of findings; a name that the ontology lacks is a type error.
``tests/test_ontology.py`` holds this list and the Turtle together.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

from pyoxigraph import NamedNode

from ontology.iris import ONTOLOGY

Term = Literal[
    "Document",
    "Passage",
    "DocumentDetail",
    "Claim",
    "EventMention",
    "Judgement",
    "Finding",
    "ScopeStatement",
    "RepeatStatement",
    "Commitment",
    "ChangeStatement",
    "Figure",
    "DisagreementClaim",
    "Disagreement",
    "Side",
    "PostMention",
    "TenureClaim",
    "OrganisationMention",
    "RelationClaim",
    "Event",
    "Inspection",
    "Organisation",
    "Post",
    "Tenure",
    "RecurringIssue",
    "PrintedName",
    "inDocument",
    "confidence",
    "basis",
    "page",
    "headingPath",
    "documentKind",
    "file",
    "sha256",
    "dateBasis",
    "reports",
    "addresseePost",
    "signatoryPost",
    "detail",
    "event",
    "own",
    "ordinal",
    "leadPost",
    "published",
    "framework",
    "domain",
    "grade",
    "gradeOrder",
    "gradedWords",
    "sameJudgement",
    "printed",
    "polarity",
    "theme",
    "mainTheme",
    "assertor",
    "retells",
    "about",
    "direction",
    "directionSince",
    "listed",
    "restates",
    "earlierEvent",
    "repeatKind",
    "aboutSpan",
    "commitmentKind",
    "ofWhom",
    "due",
    "clause",
    "sourceEvent",
    "change",
    "changes",
    "instrument",
    "done",
    "changedWords",
    "scope",
    "value",
    "measure",
    "unit",
    "table",
    "measureDefinition",
    "figures",
    "question",
    "firstSide",
    "secondSide",
    "disagreementKind",
    "otherSpan",
    "otherValue",
    "explanation",
    "authority",
    "organisation",
    "bodyType",
    "post",
    "tenure",
    "holder",
    "since",
    "until",
    "on",
    "mode",
    "predecessor",
    "successor",
    "precededBy",
    "succeededBy",
    "subject",
    "relation",
    "object",
    "topic",
    "eventKind",
    "body",
    "onlyMentioned",
    "earliest",
    "latest",
    "occurrence",
    "correctedBy",
    "Correction",
    "correctedFinding",
    "correctionKind",
    "byRole",
    "explicitRepeat",
    "firstRaised",
    "lastRaised",
    "problem",
    "status",
    "strength",
    "name",
    "nameOf",
    "role",
]

Prefix = Literal[
    "bibo", "dcat", "dcterms", "fg", "oa", "org", "owl", "prov", "qb", "rdf", "rdfs", "schema",
    "sh", "skos", "void", "xsd",
]  # fmt: skip

PREFIXES: dict[Prefix, str] = {
    "bibo": "http://purl.org/ontology/bibo/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "fg": ONTOLOGY,
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "qb": "http://purl.org/linked-data/cube#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


@cache
def _node(iri: str) -> NamedNode:
    return NamedNode(iri)


def fg(name: Term) -> NamedNode:
    """A term of our own ontology."""
    return _node(ONTOLOGY + name)


def term(prefix: Prefix, name: str) -> NamedNode:
    """A term of a vocabulary that is reused: ``term("prov", "wasDerivedFrom")``."""
    return _node(PREFIXES[prefix] + name)


TYPE = NamedNode(PREFIXES["rdf"] + "type")
LABEL = NamedNode(PREFIXES["rdfs"] + "label")
