"""The daily extract of grants.gov: posted and forecast opportunities, element by element.

Elements and codes: the XML extract of grants.gov, `OpportunityDetail-V1.0`.
"""

from __future__ import annotations

from typing import Final

from communs.core.standards.documents import Document
from communs.core.standards.feeds.records import document
from communs.core.standards.formats import Sample
from communs.core.standards.grants_gov.opportunities import FORECAST, SYNOPSIS, read_element
from communs.core.standards.problems import Problem
from communs.core.standards.reading.xml_text import elements

NAME: Final = "grants-gov"


def recognise(sample: Sample) -> bool:
    """Whether an XML file starts with the namespace or an element of the extract."""
    start = sample.start
    return start[:1] == "<" and any(mark in start for mark in ("system/OpportunityDetail-V", SYNOPSIS, FORECAST))


def read(data: bytes | str) -> Document:
    """Each opportunity of the extract; of several versions of one the last updated counts. Never raises."""
    problems: list[Problem] = []
    made = (read_element(element, problems) for element in elements(data, {SYNOPSIS, FORECAST}, problems))
    return document(NAME, made, problems, latest=True)
