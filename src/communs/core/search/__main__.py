"""`python -m communs.core.search`: compile the vocabulary, for those who have something else to do meanwhile."""

from communs.core.search import compile_vocabulary

compile_vocabulary()
