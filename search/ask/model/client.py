"""A language model by an OpenAI-compatible address: one request, bounded in time and size."""

from __future__ import annotations

import time
from typing import Protocol

import httpx
import msgspec

from kg.errors import FindingsError

LARGEST = 256 * 1024
"""Bytes of a reply that are read at most."""

ANSWER_TOKENS = 600
"""Tokens that a reply may have."""


class ModelFailed(FindingsError):
    """The language model gave no reply that can be used."""


class LanguageModel(Protocol):
    """Whatever completes a conversation of one instruction and one message."""

    name: str

    def complete(self, instruction: str, message: str) -> str:
        """The reply; ModelFailed where there is none."""
        ...


class _Message(msgspec.Struct, frozen=True):
    content: str | None = None


class _Choice(msgspec.Struct, frozen=True):
    message: _Message


class _Completion(msgspec.Struct, frozen=True):
    choices: tuple[_Choice, ...]


class ChatModel:
    """``POST {address}/chat/completions``. No redirect is followed, no proxy or password of
    the environment used; the whole exchange takes ``seconds`` at most."""

    def __init__(self, address: str, name: str, key: str = "", seconds: float = 10.0) -> None:
        self.name, self._seconds = name, seconds
        self._address = f"{address.rstrip('/')}/chat/completions"
        self._client = httpx.Client(
            timeout=seconds,
            follow_redirects=False,
            trust_env=False,
            headers={"Authorization": f"Bearer {key}"} if key else {},
        )

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def complete(self, instruction: str, message: str) -> str:
        """The reply to a message under an instruction."""
        body = {
            "model": self.name,
            "temperature": 0,
            "max_tokens": ANSWER_TOKENS,
            "messages": [
                {"role": "system", "content": instruction},
                {"role": "user", "content": message},
            ],
        }
        try:
            reply = msgspec.json.decode(self._post(body), type=_Completion)
        except (httpx.HTTPError, msgspec.DecodeError) as error:
            raise ModelFailed("The language model did not answer.", why=_why(error)) from error
        text = reply.choices[0].message.content if reply.choices else None
        if not text or not text.strip():
            raise ModelFailed("The language model's reply was empty.")
        return text

    def _post(self, body: object) -> bytes:
        until = time.monotonic() + self._seconds
        with self._client.stream("POST", self._address, json=body) as response:
            if response.status_code != httpx.codes.OK:
                raise ModelFailed(f"The language model answered {response.status_code}.")
            held = bytearray()
            for piece in response.iter_bytes():
                held += piece
                if len(held) > LARGEST:
                    raise ModelFailed("The language model's reply is too long.")
                if time.monotonic() > until:
                    raise ModelFailed("The language model took too long.")
            return bytes(held)


def _why(error: Exception) -> str:
    """The kind of error in words; its text may hold an address and is not shown."""
    if isinstance(error, httpx.TimeoutException):
        return "It took too long."
    if isinstance(error, httpx.HTTPError):
        return "It could not be reached."
    return "Its reply cannot be read."
