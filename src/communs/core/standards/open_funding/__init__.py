"""The list of funders of free software that open-funding keeps in one Markdown file: facts only.

Names, links, closing days and the section they stand in are facts; the sentences of the list are its authors' and are
not taken over. Every record is to be confirmed by an editor, who reads the funder's own page.
"""

from communs.core.standards.open_funding.reading import NAME, read, recognise

__all__ = ["NAME", "read", "recognise"]
