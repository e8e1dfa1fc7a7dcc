"""Receipts with fpdf2, in whatever Python has it: run by `receipts.py`, one receipt a line in, a line of JSON out.

The same words in the same order with headings and lists as they look, not as they are: no tags, no PDF/A. Its built-in
fonts hold Western European letters only; others are replaced.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import fpdf


def printed(said: dict[str, Any]) -> bytes:
    document = fpdf.FPDF(format="A4")
    document.set_title(said["title"])
    document.set_lang(said["language"])
    document.add_page()
    write(document, said["heading"], 14, "B")
    write(document, said["separator"].join(said["number"]), 10, "B")
    for notice in said["notices"]:
        write(document, notice, 10)
    for section in said["sections"]:
        write(document, section["heading"], 12, "B")
        for label, value in section["rows"]:
            write(document, f"{label}{said['separator']}{value}", 10)
    for text in (said["received"], said["certified"], said["model"]):
        write(document, text, 10)
    return bytes(document.output())


def write(document: fpdf.FPDF, text: str, size: int, style: str = "") -> None:
    document.set_font("Helvetica", style, size)
    plain = text.replace("’", "'").replace("\u202f", " ").replace("€", "EUR").replace("œ", "oe").replace("Œ", "OE")
    document.multi_cell(0, 5, plain.encode("latin-1", "replace").decode("latin-1"), new_x="LMARGIN", new_y="NEXT")


def main() -> None:
    receipts = [json.loads(line) for line in sys.stdin]
    start = time.perf_counter()
    for said in receipts:
        printed(said)
    print(json.dumps({"seconds": time.perf_counter() - start, "version": fpdf.__version__}))


if __name__ == "__main__":
    main()
