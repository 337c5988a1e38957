"""The answers kept in memory stay within their bytes; budgets count what was used."""

from __future__ import annotations

import pytest

from server.sparql.budget import QueryBudget
from server.sparql.cache import AnswerCache, CachedAnswer
from server.sparql.errors import TooManyRequests
from server.sparql.formats import RESULTS


def answer(size: int) -> CachedAnswer:
    return CachedAnswer("solutions", RESULTS[0], b"x" * size, 1)


def test_least_recently_used_goes_first() -> None:
    cache = AnswerCache(most_bytes=3 * (100 + AnswerCache.OVERHEAD))
    for key in "abc":
        cache.put(key, answer(100))
    assert cache.get("a")
    cache.put("d", answer(100))
    assert cache.get("b") is None
    assert all(cache.get(key) for key in "acd")


def test_bytes_stay_within_the_bound() -> None:
    cache = AnswerCache(most_bytes=10_000)
    for number in range(100):
        cache.put(number % 7, answer(number * 31))
        assert cache.bytes <= 10_000


def test_answer_that_is_too_large_is_not_kept() -> None:
    cache = AnswerCache(most_bytes=10_000, largest=50)
    cache.put("a", answer(51))
    assert cache.get("a") is None
    assert cache.bytes == 0


def test_budget_is_per_client_and_counts_milliseconds() -> None:
    budget = QueryBudget(1000)
    budget.spend("a", 999)
    budget.check("a")
    budget.spend("a", 500)
    with pytest.raises(TooManyRequests) as refusal:
        budget.check("a")
    assert refusal.value.retry_after is not None
    assert 1 <= refusal.value.retry_after <= 60
    budget.check("b")
