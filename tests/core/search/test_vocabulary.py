"""The vocabulary is well made, and its faults are told with their place."""

from __future__ import annotations

import pytest

from communs.core.search.concepts import ANY_LANGUAGE, InvalidVocabulary, concepts, read
from communs.core.search.languages import stop_words
from communs.core.search.vocabulary import Vocabulary, vocabulary, word_of

IN_DEPTH = {"en", "fr", "de", "it", "es", "pt", "nl", "pl"}
WATER = """# Water.
water theme
  en water; hydrology
  fr eau; hydrique
offline function
  en offline
  fr hors ligne
donation theme
  fr don; ~offrande
data form
  fr données
"""


def named(text: str, lang: str) -> set[str]:
    known = Vocabulary.of_compiled(Vocabulary(read({"a.txt": WATER})).compiled())
    words = [word_of(word, lang) for word in text.split()]
    kept = [word_of(word, lang) for word in text.split() if word not in stop_words(lang)]
    return {match.concept for match in (*known.find(kept, lang), *known.find_strict(words, lang))}


def test_every_concept_is_said_in_eight_languages() -> None:
    lacking = {
        concept.id: IN_DEPTH - concept.labels.keys()
        for concept in concepts()
        if ANY_LANGUAGE not in concept.labels and not concept.labels.keys() >= IN_DEPTH
    }
    assert lacking == {}


def test_every_broader_concept_is_one() -> None:
    known = {concept.id: concept for concept in concepts()}
    assert [(c.id, upper) for c in known.values() for upper in c.broader if upper not in known] == []


def test_it_covers_public_life_in_depth_and_the_union_in_breadth() -> None:
    known = concepts()
    assert len(known) > 2_000
    for lang in ("sv", "cs", "ro", "hu", "el", "bg", "fi"):
        assert sum(lang in concept.labels for concept in known) > 500, lang


def test_no_single_label_is_a_stop_word_of_its_language() -> None:
    wrong = [
        (concept.id, lang, label)
        for concept in concepts()
        for lang, labels in concept.labels.items()
        for label in labels
        if label.lower() in stop_words(lang)
    ]
    assert wrong == []


def test_a_label_is_found_in_another_form() -> None:
    assert named("les eaux hydriques", "fr") == {"water"}
    assert named("water", "fr") == set()


def test_a_label_of_stop_words_is_found_as_a_whole_only() -> None:
    assert named("travailler hors ligne", "fr") == {"offline"}
    assert named("en ligne", "fr") == set()


def test_of_words_that_one_stem_unites_the_nearest_counts() -> None:
    assert named("des données ouvertes", "fr") == {"data"}
    assert named("faire un don", "fr") == {"donation"}


def test_a_concept_is_called_as_its_language_says_or_else_in_english() -> None:
    assert vocabulary().label("water", "fr").startswith("eau")
    assert vocabulary().label("water", "zh") == vocabulary().label("water", "en")
    assert vocabulary().label("no-concept", "fr") == "no-concept"


def test_what_a_word_names_does_not_depend_on_what_was_looked_up_before() -> None:
    """With its accents a word may have another stem than without."""
    forms = [word_of("simplifiees", "fr"), word_of("simplifiées", "fr")]
    assert forms[0][0] == forms[1][0]
    known = [Vocabulary(read({"a.txt": "simplify action\n  fr simplifié\n"})) for _order in range(2)]
    first = [known[0].find([word], "fr") for word in forms]
    assert first == [known[1].find([word], "fr") for word in reversed(forms)][::-1]
    assert first[0] != first[1]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("water thing\n  en water\n", "line 1: write `id kind`"),
        ("water theme\n  xx water\n", "line 2: 'xx' is no language"),
        ("water theme\n  en water; ;\n", "line 2: '' is empty"),
        ("water theme\n", "water has no label"),
        ("water theme\n  en a\nwater theme\n  en b\n", "stands in another place"),
    ],
)
def test_a_fault_is_told_with_its_place(text: str, told: str) -> None:
    with pytest.raises(InvalidVocabulary, match=told.replace("`", ".")):
        read({"a.txt": text})


def test_further_languages_are_added_to_what_stands_elsewhere() -> None:
    more = {"a.txt": WATER, "languages-1.txt": "water theme\n  sv vatten\n"}
    assert {concept.id: concept for concept in read(more)}["water"].labels["sv"] == ("vatten",)
    with pytest.raises(InvalidVocabulary, match="no concept"):
        read({"languages-1.txt": "wine theme\n  sv vin\n"})


@pytest.mark.parametrize(
    ("lang", "form", "verb"),
    [
        ("de", "genutzt", "nutzen"),
        ("de", "verbesserte", "verbessern"),
        ("fr", "partagent", "partager"),
        ("nl", "ontwikkeld", "ontwikkelen"),
        ("pl", "planuje", "planować"),
    ],
)
def test_a_form_of_a_verb_says_what_its_first_form_does(lang: str, form: str, verb: str) -> None:
    known = vocabulary()
    one, other = ({match.concept for match in known.find([word_of(word, lang)], lang)} for word in (form, verb))
    assert one
    assert one <= other
