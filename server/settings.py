"""What the person who runs the service may choose."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings of the service: arguments first, then ``FINDINGS_…`` of the environment.

    >>> Settings(port=9000).port
    9000
    """

    model_config = SettingsConfigDict(env_prefix="FINDINGS_", frozen=True, extra="forbid")

    data: Path = Field(Path("data"), description="Data directory that holds the generations.")
    model: str = Field(
        "all-MiniLM-L6-v2", description="Embedding model: the packaged one, or a folder's path."
    )
    host: str = Field("127.0.0.1", description="Address that the service listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port that the service listens on.")
    threads: int = Field(16, ge=8, le=64, description="Requests that are answered at a time.")
    contact: str = Field(
        "", description="Address shown to people who want to report a problem or a removal."
    )
    sparql_seconds: float = Field(
        30.0, gt=0, le=300, description="Seconds after which a visitor's query is stopped."
    )
    sparql_workers: int = Field(
        3,
        ge=1,
        le=8,
        description="Processes that run visitors' SPARQL queries. One always stays for others: "
        "of three a client has two at a time, of two it has one.",
    )
    kept_mb: int = Field(
        64,
        ge=0,
        le=4096,
        description="Megabytes of memory for answers of pages and the API that are kept, and half "
        "as many for answers to SPARQL queries; with 0 each request is answered anew.",
    )
    log_format: Literal["text", "json"] = Field("text", description="Lines of text, or of JSON.")
    log_requests: bool = Field(True, description="Tell of every request in the log.")
    log_queries: bool = Field(
        False, description="Tell in the log what users typed; else only a keyed hash of it."
    )
    stop_seconds: float = Field(
        20.0, ge=0, le=600, description="Seconds that requests have to end when told to stop."
    )
    operator_token: SecretStr | None = Field(
        None,
        min_length=16,
        description="Opens what changes data over HTTP, to whoever sends it; closed without it.",
    )
    rebuild: bool = Field(
        True, description="After an operator's decision, build again in a process of its own."
    )
    llm_url: str = Field(
        "",
        pattern=r"^(https?://[^\s]+)?$",
        description="Base address of an OpenAI-compatible API; without one no model is asked.",
    )
    llm_model: str = Field("default", description="Name by which that API knows the model.")
    llm_key: SecretStr = Field(SecretStr(""), description="Key that the API asks for.")
    llm_seconds: float = Field(
        10.0, gt=0, le=60, description="Seconds that one exchange with the model may take."
    )


def from_env() -> Settings:
    """Settings as the environment gives them."""
    return Settings()
