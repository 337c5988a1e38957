"""Search over the small library, through its public interface."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kg.embed import HashingEmbedder
from kg.errors import QueryError
from search.filters import Filters
from search.fuse import Weights
from search.index import Indexer
from search.search import Results, Searcher
from tests.search.library import LETTER, library, record


def files(results: Results) -> list[str]:
    return [result.document.file for result in results.results]


def test_the_passage_that_says_it_comes_first(searcher: Searcher) -> None:
    first = searcher.search("computers fail").results[0]
    assert first.text.startswith("The computers that staff use fail")
    assert first.document.file == "letter.txt"
    assert (first.date, first.authority) == ("2019-07-04", "kestrelby")
    assert first.kind == "monitoring-visit-letter"


def test_start_and_end_are_places_in_the_stored_text(searcher: Searcher) -> None:
    texts = {record.document.id: record.document.text for record in library()}
    for result in searcher.search("children carers agency computers").results:
        assert texts[result.document.id][result.start : result.end] == result.text


def test_an_abbreviation_finds_what_is_spelt_out(searcher: Searcher) -> None:
    found = searcher.search("ICPCs were late")
    assert "Initial child protection conferences" in found.results[0].text
    assert "initial child protection conference" in found.understood
    marked = [found.results[0].text[a:b] for a, b in found.results[0].highlights]
    assert "Initial child protection conferences" in marked
    assert "late" in marked


@pytest.mark.parametrize(
    ("text", "file"),
    [("late conferences in Essex", "one.txt"), ("late conferences, surrey", "two.txt")],
)
def test_an_authority_named_in_the_query_draws_its_documents(
    text: str, file: str, tmp_path: Path
) -> None:
    records = [
        record("one", LETTER, authority="essex"),
        record("two", LETTER, authority="surrey"),
    ]
    Indexer(HashingEmbedder()).write(tmp_path, records)
    found = Searcher.open(tmp_path, HashingEmbedder()).search(text)
    assert found.results[0].document.file == file


def test_a_typing_error_is_forgiven_and_told(searcher: Searcher) -> None:
    found = searcher.search("compputers")
    assert found.corrected == (("compputers", "computers"),)
    assert "computers" in found.results[0].text


def test_the_best_sentence_lies_in_the_passage(searcher: Searcher) -> None:
    result = searcher.search("Assessments are lost and have to be written again").results[0]
    start, end = result.best
    assert result.text[start:end].startswith("Assessments are lost")


def test_repeats_are_folded_into_the_first(searcher: Searcher) -> None:
    found = searcher.search("initial child protection conferences held late")
    texts = [r for r in found.results if "conferences are held late" in r.text]
    assert len(texts) == 1
    assert len(texts[0].repeats) == 1


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(document=("letter.txt",)), {"letter.txt"}),
        (Filters(document=("saltby/minutes",)), {"minutes.txt"}),
        (Filters(kind=("committee-minutes",)), {"minutes.txt"}),
        (
            Filters(kind=("committee-minutes", "monitoring-visit-letter")),
            {"letter.txt", "minutes.txt"},
        ),
        (Filters(authority=("kestrelby",)), {"letter.txt"}),
        (Filters(since="2020"), {"minutes.txt"}),
        (Filters(since="2021-03-31"), {"minutes.txt"}),
        (Filters(since="2021-04"), set()),
        (Filters(until="2019-07-04"), {"letter.txt"}),
        (Filters(until="2019-07-03"), set()),
        (Filters(theme=("direct-work",)), {"letter.txt"}),
        (Filters(polarity=("weakness",), assertor=("member",)), {"minutes.txt"}),
        (Filters(polarity=("weakness",), authority=("kestrelby",)), {"letter.txt"}),
        (Filters(polarity=("progress",)), set()),
    ],
)
def test_filters(searcher: Searcher, filters: Filters, expected: set[str]) -> None:
    assert set(files(searcher.search("children", filters))) == expected


def test_a_theme_filter_leaves_only_passages_with_the_theme(searcher: Searcher) -> None:
    found = searcher.search("children", Filters(theme=("direct-work",)))
    assert [result.themes for result in found.results] == [("direct-work",)]


def test_facets_count_passages(searcher: Searcher) -> None:
    facets = searcher.search("children").facets
    assert [(f.value, f.count) for f in facets["authority"]] == [("kestrelby", 3), ("saltby", 3)]
    assert [(f.value, f.count) for f in facets["polarity"]] == [("weakness", 2), ("strength", 1)]
    assert [(f.value, f.count) for f in facets["year"]] == [("2019", 3), ("2021", 3)]


def test_pages_follow_one_another(searcher: Searcher) -> None:
    whole = [r.passage for r in searcher.search("children staff members", limit=5).results]
    pages = [
        r.passage
        for offset in (0, 2, 4)
        for r in searcher.search("children staff members", limit=2, offset=offset).results
    ]
    assert pages[:5] == whole


def test_more_like_this_leaves_the_passage_itself_out(searcher: Searcher) -> None:
    source = searcher.search("conferences held late", Filters(authority=("kestrelby",))).results[0]
    like = searcher.more_like(source.passage)
    assert source.passage not in [result.passage for result in like.results]
    assert "conferences are held late" in like.results[0].text


def test_an_unknown_passage_has_no_like(searcher: Searcher) -> None:
    with pytest.raises(QueryError, match="No passage"):
        searcher.more_like("nothing/here")


@pytest.mark.parametrize("text", ["", "  ", "?!"])
def test_a_search_without_words_is_refused(searcher: Searcher, text: str) -> None:
    with pytest.raises(QueryError, match="no word"):
        searcher.search(text)


def test_scores_fall_and_ties_keep_the_order_of_passages(searcher: Searcher) -> None:
    results = searcher.search("zyxw").results
    assert [result.score for result in results] == sorted((r.score for r in results), reverse=True)
    again = searcher.search("zyxw").results
    assert results == again


@pytest.mark.parametrize(
    "weights", [Weights(), Weights(0, 1, 0), Weights(1, 0, 0), Weights(0, 0, 1)]
)
def test_each_part_alone_finds_the_words(searcher: Searcher, weights: Weights) -> None:
    part = Searcher(searcher.index, searcher.embedder, weights)
    first = part.search("the budget for foster carers rose by a tenth").results[0]
    assert first.text.startswith("The budget for foster carers")


def test_threads_get_the_answers_that_one_gets(searcher: Searcher) -> None:
    queries = ["late conferences", "agency workers", "foster carers", "computers fail"] * 8
    alone = [searcher.search(text) for text in queries]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(searcher.search, queries)) == alone
