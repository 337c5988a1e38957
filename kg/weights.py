"""The weights of small trained models, which lie in the package as safetensors beside a card."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import as_file, files
from typing import TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

Card = TypeVar("Card", bound=msgspec.Struct)
Weights = Mapping[str, NDArray[np.float32]]


def load(package: str, name: str, card: type[Card]) -> tuple[Card, Weights]:
    """The card and the weights of this name in the package's folder ``weights``, as float32."""
    folder = files(package).joinpath("weights")
    described = msgspec.json.decode(folder.joinpath(f"{name}.json").read_bytes(), type=card)
    with as_file(folder.joinpath(f"{name}.safetensors")) as path:
        return described, {key: v.astype(np.float32) for key, v in load_file(path).items()}
