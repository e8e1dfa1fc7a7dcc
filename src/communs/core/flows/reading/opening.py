"""Which kind of file this is, by what stands in it; compressed ones are opened, within bounds."""

from __future__ import annotations

import hashlib
import lzma
import re
import zlib
from collections.abc import Callable
from typing import Any, Final

from communs.core.flows.graphs import Graph, InvalidGraph
from communs.core.flows.reading.debian import read_debian
from communs.core.flows.reading.edges import BOUNDS, read_amounts, read_edges
from communs.core.flows.reading.parquet import MAGIC, read_parquet
from communs.core.flows.reading.sbom import read_cyclonedx, read_spdx, read_spdx_tags
from communs.core.standards.reading.bounds import MIB
from communs.core.standards.reading.json_text import load_json

_GZIP, _XZ = b"\x1f\x8b", b"\xfd7zXZ\x00"
_MEMORY_MAX: Final = 128 * MIB
"""What unpacking xz may take beside its result: a file can ask for more than any packer uses."""


def read_graph(data: bytes) -> Graph:
    """The graph in a file: an edge list (CSV, Parquet), a bill of materials (CycloneDX, SPDX), a Debian index.

    Raises `InvalidGraph` with the place and the remedy.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    data = _opened(data)
    if data[:4] == MAGIC:
        return read_parquet(data, sha256)
    start = data[:2_000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] in {b"{", b"["}:
        return _read_json(data, sha256)
    if re.search(rb"^SPDXVersion:", start, re.MULTILINE):
        return read_spdx_tags(_text(data), sha256)
    if re.match(rb"[A-Za-z-]+:", start) and re.search(rb"^Package:", start, re.MULTILINE):
        return read_debian(_text(data), sha256)
    return read_edges(data, sha256)


def read_seeds(data: bytes) -> dict[str, int]:
    """Seeds in minor units by node, from CSV with the columns `node` and `amount`. Raises `InvalidGraph`."""
    return read_amounts(_opened(data))


def _read_json(data: bytes, sha256: str) -> Graph:
    loaded = load_json(data, BOUNDS)
    if loaded.problems:
        raise InvalidGraph(loaded.problems[0].render())
    if isinstance(loaded.value, dict) and loaded.value.get("bomFormat") == "CycloneDX":
        return read_cyclonedx(loaded.value, sha256)
    if isinstance(loaded.value, dict) and "spdxVersion" in loaded.value:
        return read_spdx(loaded.value, sha256)
    raise InvalidGraph(
        "Line 1: this JSON is neither CycloneDX (bomFormat) nor SPDX 2 (spdxVersion). Hand in one of these."
    )


def _opened(data: bytes) -> bytes:
    if data.startswith(_GZIP):
        gzip = zlib.decompressobj(wbits=31)
        data = _unpacked(gzip, lambda: gzip.decompress(data, BOUNDS.size + 1))
    elif data.startswith(_XZ):
        xz = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MEMORY_MAX)
        data = _unpacked(xz, lambda: xz.decompress(data, BOUNDS.size + 1))
    if len(data) > BOUNDS.size:
        raise InvalidGraph(f"The file is larger than {BOUNDS.size // MIB} MiB. Use Parquet in an SQL engine.")
    return data


def _unpacked(unpacking: Any, unpack: Callable[[], bytes]) -> bytes:
    try:
        found = unpack()
    except (zlib.error, lzma.LZMAError) as error:
        raise InvalidGraph(f"The file is damaged: {error}. Compress it anew.") from None
    if len(found) <= BOUNDS.size and (not unpacking.eof or unpacking.unused_data):
        raise InvalidGraph("The file is damaged: it ends too early or too late. Compress it anew, as one piece.")
    return found


def _text(data: bytes) -> str:
    return data.decode("utf-8", errors="replace").removeprefix("\ufeff")
