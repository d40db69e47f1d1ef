"""Nested plain data in one ``.npz`` file, without pickle: opening it runs no code of it.

Arrays are entries of the file, named by where they belong (``stats/logp``); the entry ``tree``
is JSON that says how everything hangs together.  In it a list is a list, and all that JSON does
not know is an object with one key that tells its kind: ``{"array": name of the entry}``,
``{"tuple": [...]}``, ``{"dict": {...}}``, ``{"record": ...}`` for NamedTuples and dataclasses.
"""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
import json
import math
import os
import re
import secrets
import zipfile
from collections import namedtuple
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from . import samplers
from ._version import __version__

FORMAT = "mcmc_edu draws"
VERSION = 2
"""Of the format: raised when an older mcmc_edu would misread what a newer one writes."""

Arrays = dict[str, Any]
PathLike = str | os.PathLike[str]


def write(path: PathLike, values: Mapping[str, Any]) -> None:
    """Write `values` to the file whole or not at all; an error leaves what was there."""
    path = Path(path)
    if path.suffix != ".npz":
        raise ValueError(f"path is {str(path)!r}; it must end in .npz: try '{path.stem}.npz'")
    arrays: Arrays = {}
    tree = {name: _encode(value, name, arrays) for name, value in values.items()}
    header = {"format": FORMAT, "version": VERSION, "by": __version__, "values": tree}
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with open(temporary, "xb") as file:
            np.savez(file, tree=np.array(json.dumps(header)), **arrays)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        raise OSError(
            error.errno,
            f"cannot save draws: {error.strerror or error}; give a folder that exists, may be "
            "written to and has room",
            str(path),
        ) from None
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def read(path: PathLike) -> dict[str, Any]:
    """Read what `write` wrote."""
    if not os.path.exists(path):
        raise FileNotFoundError(
            f"path is {str(path)!r}, where there is no file; draws are saved by "
            "draws.save('name.npz')"
        )
    with open(path, "rb") as file:
        try:
            header, arrays = _entries(file)
            if header["version"] <= VERSION:
                return {name: _decode(value, arrays) for name, value in header["values"].items()}
        except Exception as error:  # damage can make NumPy, zipfile, zlib and json raise anything
            raise not_draws(path, f"{type(error).__name__}: {error}") from None
    raise ValueError(
        f"{str(path)!r} was written by mcmc_edu {header.get('by')} in format {header['version']}; "
        f"this is mcmc_edu {__version__}, which reads up to format {VERSION}: install a newer one"
    )


def not_draws(path: PathLike, why: str) -> ValueError:
    """Make the error for a file that is something else."""
    return ValueError(
        f"{str(path)!r} holds no draws of mcmc_edu, or is damaged ({why}); give a file that "
        "draws.save wrote, or save the draws again"
    )


def _entries(file: BinaryIO) -> tuple[dict[str, Any], Arrays]:
    """Read the header, and every array into memory, so that damage shows now."""
    if not zipfile.is_zipfile(file):
        raise ValueError("not an .npz file")
    file.seek(0)
    with np.load(file, allow_pickle=False) as entries:
        arrays = {name: entries[name] for name in entries.files}
    header = json.loads(str(arrays.pop("tree")))
    if header["format"] != FORMAT:
        raise ValueError(f"format {header['format']!r}")
    return header, arrays


def _encode(value: Any, place: str, arrays: Arrays) -> Any:
    """JSON of a value; arrays go to `arrays`, under the name of their place."""
    if value is None or isinstance(value, (bool, str)) or type(value) is int:
        return value
    if isinstance(value, (float, np.generic)):
        return _encode_number(value)
    if isinstance(value, np.ndarray) and not value.dtype.hasobject:
        name = re.sub(r"[\\\0]", "|", place)  # what a zip file would change in a name
        while name in arrays or name == "tree":
            name += "'"
        arrays[name] = value
        return {"array": name}
    if isinstance(value, np.random.SeedSequence):
        return {"seed": _encode(value.state, place, arrays)}
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return {"dict": _encode_items(value, place, arrays)}
    if isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
        items = [_encode(item, f"{place}/{i}", arrays) for i, item in enumerate(value)]
        return items if isinstance(value, list) else {"tuple": items}
    names = _field_names(value)
    if names is None:
        return {"text": repr(value)}
    return {
        "record": {
            "class": type(value).__name__,
            "module": type(value).__module__,
            "tuple": isinstance(value, tuple),
            "fields": _encode_items({n: getattr(value, n) for n in names}, place, arrays),
        }
    }


def _encode_number(value: Any) -> Any:
    number = value.item() if isinstance(value, np.generic) else value
    if isinstance(number, float) and not math.isfinite(number):
        return {"float": str(number)}
    return number if isinstance(number, (bool, int, float, str)) else {"text": repr(number)}


def _encode_items(items: Mapping[str, Any], place: str, arrays: Arrays) -> dict[str, Any]:
    return {name: _encode(item, f"{place}/{name}", arrays) for name, item in items.items()}


def _field_names(value: Any) -> list[str] | None:
    """Name what the class of a NamedTuple or dataclass needs to make `value` again."""
    if isinstance(value, tuple):
        return list(getattr(value, "_fields", ()))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [f.name for f in dataclasses.fields(value) if f.init]
    return None


def _decode(node: Any, arrays: Arrays) -> Any:
    if isinstance(node, list):
        return [_decode(item, arrays) for item in node]
    if not isinstance(node, dict):
        return node
    ((kind, content),) = node.items()
    if kind == "array":
        return arrays[content]
    if kind == "float":
        return float(content)
    if kind == "text":
        return str(content)
    if kind == "tuple":
        return tuple(_decode(item, arrays) for item in content)
    if kind == "dict":
        return {name: _decode(item, arrays) for name, item in content.items()}
    if kind == "seed":
        return np.random.SeedSequence(**_decode(content, arrays))
    if kind == "record":
        return _record(content, {k: _decode(v, arrays) for k, v in content["fields"].items()})
    raise ValueError(f"unknown kind {kind!r}")


def _record(content: Mapping[str, Any], values: Mapping[str, Any]) -> Any:
    """Make an object of its class in `mcmc_edu.samplers`; failing that, one that prints like it."""
    found = _class(content["class"], content["module"])
    if found is not None:
        try:
            return found(**values)
        except (TypeError, ValueError):  # the class has changed since
            pass
    if content["tuple"]:
        return namedtuple(content["class"], list(values))(**values)
    return dataclasses.make_dataclass(content["class"], list(values), frozen=True)(**values)


def _class(name: str, module: str) -> Any:
    """Find a dataclass or NamedTuple of our samplers; a file can call nothing else."""
    for place in (module, samplers.__name__):
        if place.split(".")[:2] != samplers.__name__.split("."):
            continue
        try:
            found = getattr(importlib.import_module(place), name)
        except (ImportError, AttributeError):
            continue
        if isinstance(found, type) and (
            dataclasses.is_dataclass(found)
            or (issubclass(found, tuple) and hasattr(found, "_fields"))
        ):
            return found
    return None
