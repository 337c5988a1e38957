"""Where graph and vectors live when they do not live in the data directory."""

from __future__ import annotations

import ipaddress
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from kg.errors import FindingsError


class StoreSettings(BaseSettings):
    """Stores by URL, from ``FINDINGS_…`` of the environment; empty means embedded.

    >>> StoreSettings(sparql_url="http://127.0.0.1:7878/query").remote_graph
    True
    """

    model_config = SettingsConfigDict(env_prefix="FINDINGS_", frozen=True, extra="ignore")

    sparql_url: str = Field("", description="SPARQL 1.1 query address of the graph store.")
    sparql_update_url: str = Field("", description="Its update address; for publishing only.")
    sparql_graph_url: str = Field(
        "", description="Its Graph Store Protocol address; for publishing only."
    )
    sparql_user: str = Field("", description="User name for the graph store.")
    sparql_password: SecretStr = Field(SecretStr(""), description="Password of that user.")
    sparql_auth: Literal["basic", "digest"] = Field(
        "basic", description="How user and password are sent; Virtuoso asks for digest."
    )
    sparql_store_seconds: float = Field(
        60.0, gt=0, le=3600, description="Seconds that the graph store has for one of our requests."
    )
    milvus_uri: str = Field("", description="Milvus address, or the path of a Milvus Lite file.")
    milvus_token: SecretStr = Field(SecretStr(""), description="Milvus token, user:password.")
    milvus_index: Literal["FLAT", "HNSW", "IVF_FLAT", "AUTOINDEX"] = Field(
        "FLAT", description="Kind of index of new collections; FLAT is exact."
    )
    milvus_collection: str = Field(
        "findings", pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,99}$", description="Prefix of collections."
    )

    @field_validator("sparql_url", "sparql_update_url", "sparql_graph_url")
    @classmethod
    def _safe(cls, url: str) -> str:
        parts = urlsplit(url)
        if url and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise ValueError("must be an http or https address")
        if parts.username or parts.password:
            raise ValueError("must not hold a password; use FINDINGS_SPARQL_PASSWORD")
        if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
            raise ValueError("must be https, unless it is on this machine")
        return url

    @field_validator("milvus_uri")
    @classmethod
    def _safe_milvus(cls, uri: str) -> str:
        parts = urlsplit(uri)
        if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
            raise ValueError("must be https, unless it is on this machine")
        return uri

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if not self.sparql_url and (self.sparql_update_url or self.sparql_graph_url):
            raise ValueError("FINDINGS_SPARQL_URL is missing beside the addresses for writing")
        return self

    @property
    def remote_graph(self) -> bool:
        """Whether the graph lives in a SPARQL store."""
        return bool(self.sparql_url)

    @property
    def remote_vectors(self) -> bool:
        """Whether the vectors live in Milvus."""
        return bool(self.milvus_uri)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by its name or address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def from_env() -> StoreSettings:
    """The stores that the environment names; FindingsError names a setting that is wrong."""
    try:
        return StoreSettings()
    except ValidationError as error:
        problems = "; ".join(
            f"{'FINDINGS_' + str(one['loc'][0]).upper() if one['loc'] else 'settings'}: "
            f"{one['msg'].removeprefix('Value error, ')}"
            for one in error.errors(include_input=False)
        )
        raise FindingsError("The settings of the stores cannot be used.", why=problems) from None
