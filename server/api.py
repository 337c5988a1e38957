"""The JSON API: the pages' own functions, answered as JSON and described by OpenAPI 3.1."""

from __future__ import annotations

import copy
from itertools import islice
from typing import Any

import msgspec
from flask import Response, current_app, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.types import ResponseDict
from pydantic import ValidationError

from kg.errors import QueryError
from kg.model import Document, Passage
from search.compare import compare as side_by_side
from search.facts import KINDS, Filters
from search.listing import all_sentences, listed
from search.opened import Opened
from search.repeated import repeated as repeated_issues
from server import asking, schemas, searching
from server.errors import Problem, Refused, not_found, problem_response
from server.library import opened
from server.paging import address
from server.status import status

PROBLEM = {"application/problem+json": {"schema": schemas.ProblemModel.model_json_schema()}}


def _refusals(*statuses: str) -> ResponseDict:
    words = {
        "400": "A parameter cannot be used; the problem says which.",
        "404": "There is no such thing.",
        "503": "Nothing has been built yet.",
    }
    return {s: {"description": words[s], "content": copy.deepcopy(PROBLEM)} for s in statuses}


blueprint = APIBlueprint(
    "api", __name__, url_prefix="/api/v1", abp_responses=_refusals("400", "503")
)


def invalid(error: ValidationError) -> Response:
    """A parameter that breaks its description, as a problem."""
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"])
    said = "It is not of the form that is described."
    detail = said if first["type"] == "string_pattern_mismatch" else f"{first['msg']}."
    return problem_response(Problem(400, "A parameter cannot be used.", f"{name}: {detail}"))


def _json(body: object) -> Response:
    """An answer that stays true as long as the generation is served."""
    response = Response(msgspec.json.encode(body), content_type="application/json")
    response.set_etag(opened().name)
    response.make_conditional(request)
    return response


def _next(found: int, page: schemas.Page | schemas.SearchQuery) -> str | None:
    """Address of the next page, when this one is full."""
    if found < page.limit:
        return None
    return address(limit=page.limit, offset=page.offset + page.limit)


@blueprint.get("/search", responses={"200": schemas.SearchResults})
def search(query: schemas.SearchQuery) -> Response:
    """Passages that say what is asked, best first."""
    wanted = searching.asked(request.args)
    found = searching.search(opened(), wanted, query.limit, query.offset)
    body = msgspec.to_builtins(found)
    return _json({**body, "next": _next(len(found.results), query)})


@blueprint.get("/similar", responses={"200": schemas.SearchResults, **_refusals("404")})
def similar(query: schemas.SimilarQuery) -> Response:
    """Passages that say the like of a passage or finding."""
    found = opened().searcher.more_like(query.id, limit=query.limit)
    return _json({**msgspec.to_builtins(found), "next": None})


@blueprint.get("/ask", responses={"200": schemas.Answer, **_refusals("404")})
def ask(query: schemas.AskQuery) -> Response:
    """The answer to a question, with its sources, or why there is none."""
    answer = asking.ask(opened(), query.q, asking.choice(request.args))
    plain = msgspec.to_builtins(answer, order="deterministic")
    if answer.model is None:
        return _json(plain)
    return Response(msgspec.json.encode(plain), content_type="application/json")


@blueprint.get("/findings", responses={"200": schemas.FindingList, **_refusals("404")})
def findings_list(query: schemas.FindingsQuery) -> Response:
    """Findings with their words, or every sentence with whether it is one."""
    generation = opened()
    if query.document is not None:
        _document(generation, query.document)
    if query.all_sentences:
        sentences = all_sentences(generation, query.document)
        found = list(islice(sentences, query.offset, query.offset + query.limit))
    else:
        found = listed(generation.facts, query.document, query.limit, query.offset)
    return _json({"findings": found, "next": _next(len(found), query)})


def _filters(query: schemas.FactsQuery) -> Filters:
    return Filters(authority=tuple(query.authority), document=tuple(query.document))


@blueprint.get("/facts/<string:kind>", responses={"200": schemas.FactList, **_refusals("404")})
def facts(path: schemas.KindPath, query: schemas.FactsQuery) -> Response:
    """Facts of one kind with the words that say them."""
    if path.kind not in KINDS:
        raise Refused(
            Problem(
                404,
                f"There are no facts of kind '{path.kind}'.",
                cure=f"Choose {', '.join(KINDS)}.",
            )
        )
    found = opened().facts.list(path.kind, query.limit, query.offset, _filters(query))
    return _json({"facts": found, "next": _next(len(found), query)})


@blueprint.get("/repeated", responses={"200": schemas.IssueList})
def repeated(query: schemas.RepeatedQuery) -> Response:
    """Problems that were raised at two or more events, strongest first."""
    slug = searching.authority_slug(query.authority) if query.authority else None
    every = repeated_issues(opened().facts, slug)
    found = every[query.offset : query.offset + query.limit]
    return _json({"issues": found, "next": _next(len(found), query)})


@blueprint.get("/compare", responses={"200": schemas.Comparison, **_refusals("404")})
def compare(query: schemas.CompareQuery) -> Response:
    """What became of an event's findings at a later one: repeated, new, gone, not looked at."""
    try:
        return _json(side_by_side(opened().facts, query.earlier, query.later))
    except QueryError as unknown:
        raise not_found(f"event {query.earlier} or {query.later}") from unknown


@blueprint.get("/documents", responses={"200": schemas.DocumentList})
def documents(query: schemas.DocumentsQuery) -> Response:
    """The documents that are loaded, by id."""
    every = opened().catalogue.documents()
    wanted = [s for s in every if not query.authority or s.authority in query.authority]
    found = wanted[query.offset : query.offset + query.limit]
    return _json({"documents": found, "next": _next(len(found), query)})


@blueprint.get(
    "/documents/<path:document_id>", responses={"200": schemas.DocumentModel, **_refusals("404")}
)
def document(path: schemas.DocumentPath) -> Response:
    """One document: its stored text, blocks and passages."""
    generation = opened()
    found = _document(generation, path.document_id)
    summary = next(s for s in generation.catalogue.documents() if s.id == found.id)
    passages = generation.catalogue.passages(found.id)
    return _json(
        {
            **msgspec.to_builtins(summary),
            "text": found.text,
            "pages": found.pages,
            "blocks": found.blocks,
            "passages": [_passage(found, passage) for passage in passages],
        }
    )


def _document(generation: Opened, document_id: str) -> Document:
    found = generation.catalogue.document(document_id)
    if found is None:
        raise not_found(f"document {document_id}")
    return found


def _passage(document: Document, passage: Passage) -> dict[str, Any]:
    words = document.quote(passage.start, passage.end)
    return {**msgspec.to_builtins(passage), "text": words}


@blueprint.get(
    "/passages/<path:passage_id>", responses={"200": schemas.PassageModel, **_refusals("404")}
)
def passage(path: schemas.PassagePath) -> Response:
    """One passage and its words."""
    generation = opened()
    found = generation.catalogue.passage(path.passage_id)
    if found is None:
        raise not_found(f"passage {path.passage_id}")
    return _json(_passage(_document(generation, found.document), found))


@blueprint.get("/status", responses={"200": schemas.Status})
def service_status() -> Response:
    """What is loaded."""
    return _json(status(opened()))


@blueprint.get("/openapi.json", doc_ui=False)
def openapi() -> Response:
    """This description."""
    described: dict[str, Any] = current_app.api_doc  # type: ignore[attr-defined]
    return Response(msgspec.json.encode(described), content_type="application/json")
