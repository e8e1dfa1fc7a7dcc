"""The API of aides-territoires, the feeds of those who fill it, and its tables."""

from __future__ import annotations

import json
from typing import Any

import pytest

from communs.core.standards import aides_territoires
from communs.core.standards.documents import Document
from communs.core.standards.formats import Sample

AID: dict[str, Any] = {
    "id": 162,
    "slug": None,
    "name": "Aide aux communs",
    "description": "<p>Une aide&nbsp;:</p><ul><li>un</li><li>deux</li></ul><script>x()</script>",
    "eligibility": "<p>Être un commun</p>",
    "origin_url": "https://exemple.org/aide",
    "application_url": None,
    "targeted_audiences": ["Associations", "Particuliers"],
    "aid_types": ["Subvention"],
    "recurrence": "Permanente",
    "submission_deadline": None,
    "start_date": None,
    "perimeter": "Drôme",
    "financers": "Ville exemple",
    "categories": ["Numérique"],
    "date_updated": "2025-02-03T10:00:00+01:00",
}


def read(value: Any) -> Document:
    return aides_territoires.read(json.dumps(value))


def aid(**values: Any) -> Document:
    return read({"count": 1, "next": None, "previous": None, "results": [{**AID, **values}]})


def codes(document: Document) -> list[str]:
    return [found.code for found in document.problems]


def test_an_aid_of_the_api_becomes_a_record() -> None:
    document = aid()
    assert codes(document) == []
    (record,) = document.records
    assert record["id"] == "exemple-org-162"
    assert record["summary_fr"] == "Une aide\xa0:\n- un\n- deux"
    assert (record["kind"], record["recipients"]) == ("grant", ["association", "individual"])
    assert record["countries"] == ["FR-26"]
    assert record["window"]["model"] == "permanent"
    (criterion,) = record["criteria"]
    assert (criterion["quote"], criterion["lang"], criterion["seen_as_of"]) == ("Être un commun", "fr", "2025-02-03")


def test_its_own_aids_have_the_word_of_their_page_as_key() -> None:
    assert aid(slug="ab12-aide").records[0]["id"] == "aides-territoires-ab12-aide"


def test_broken_addresses_and_spaced_days_are_put_right_with_a_note() -> None:
    document = aid(origin_url="https: //exemple.org/aide", date_updated="2022-07-28T11: 40: 47+02: 00")
    (record,) = document.records
    assert record["url"] == "https://exemple.org/aide"
    assert record["evidence"][0]["seen_as_of"] == "2022-07-28"
    assert [(p.code, p.severity, p.path) for p in document.problems] == [
        ("address-repaired", "note", "results[0].origin_url"),
        ("date-repaired", "note", "results[0].date_updated"),
    ]


def test_entities_in_a_title_are_decoded_with_a_note() -> None:
    document = aid(name="L&rsquo;eau &amp; l&#8217;air")
    assert document.records[0]["title_fr"] == "L’eau & l’air"
    assert codes(document) == ["html-in-text"]


def test_a_test_site_is_told_and_does_not_change_the_key() -> None:
    document = aid(origin_url="https://test.exemple.org/aide")
    assert codes(document) == ["test-address"]
    assert document.records[0]["id"] == "exemple-org-162"


def test_what_is_no_address_is_left_out_and_told() -> None:
    document = aid(origin_url="voir le site de la mairie")
    assert "url" not in document.records[0]
    assert codes(document) == ["not-an-address"]


def test_narrower_audiences_stay_in_words_beside_the_form() -> None:
    (record,) = aid(targeted_audiences=["Communes", "Intercommunalités / Pays"]).records
    assert record["recipients"] == ["public_body"]
    assert any(c["statement"] == "Communes, Intercommunalités / Pays" for c in record["criteria"])


def test_rates_and_loans_are_read_as_published() -> None:
    (record,) = aid(subvention_rate_upper_bound=70, loan_amount=50000).records
    assert record["cofunding_rate_max"] == pytest.approx(0.7)
    assert record["amount"] == {"max": 50000, "currency": "EUR"}


def test_a_permanent_aid_that_closes_is_told() -> None:
    document = aid(submission_deadline="2026-03-31")
    assert codes(document) == ["ends-though-permanent"]
    assert document.records[0]["window"]["closes"] == "2026-03-31"


def test_the_key_aides_of_another_provider_holds_the_same_shape() -> None:
    row = {key: AID[key] for key in ("id", "name", "origin_url", "targeted_audiences", "aid_types", "recurrence")}
    document = read({"aides": [row]})
    assert [record["title_fr"] for record in document.records] == ["Aide aux communs"]


def test_ademe_codes_are_read_and_unknown_ones_kept() -> None:
    row = {
        "id": "1ed", "titre": "Études", "type": "GAG", "date_debut": "2023-01-01T00:00:00+01:00",
        "date_fin": "2023-12-31T23:59:59+01:00", "description_longue": "<p>Texte</p>", "cible_projet": ["SCA1", "SCA9"],
        "thematiques": ["ECO", "NEU"], "couverture_geo": {"code": "2", "libelle": "Régional"},
        "regions": [{"code": "75", "libelle": "Nouvelle-Aquitaine"}], "url_agir": "https://example.org/a",
        "date_derniere_modification": "2023-01-09T14:40:19+01:00",
    }  # fmt: skip
    document = read({"ListeDispositifs": [row]})
    (record,) = document.records
    assert record["countries"] == ["FR-NAQ"]
    assert record["themes"] == ["écoconception", "NEU"]
    assert (record["window"]["opens"], record["window"]["closes"]) == ("2023-01-01", "2023-12-31")
    assert codes(document) == ["audience-in-words"]
    assert "recipients" not in record


def test_what_a_guide_does_not_publish_is_not_read() -> None:
    row = {
        "title": "Radios", "tenant": "cridfprd", "reference": "Sy2", "statut": "PUBLIEE", "entete": "Pour les radios",
        "publicsBeneficiaire": [{"title": "Associations"}], "informationNonPubliee": "secret",
        "publicsBeneficiairePrecision": "Radios de catégorie A", "dateFinCampagne": "2019-07-07T22:00:00.000Z",
    }  # fmt: skip
    document = read([row, {**row, "reference": "Sy3", "statut": "BROUILLON"}])
    (record,) = document.records
    assert "secret" not in json.dumps(record)
    assert record["window"]["closes"] == "2019-07-08"
    assert record["recipients"] == ["association"]
    assert codes(document) == ["not-published"]


def test_days_in_french_words_and_amounts_in_words() -> None:
    row = {
        "id": 1, "url": "https://www.culture.gouv.fr/a", "title": "Résidences", "deadline": "15 août 2022",
        "type": ["Appels à projets & candidatures"], "eztag_theme": [], "eztag_region": ["Mayotte"],
        "public": "Associations, Particuliers", "eztag_cible": [], "amount": "Min. 3.000 € par projet",
        "link": {"link": "https: //example.org/f", "text": "Formulaire"}, "summary": "<p>x</p>", "body": None,
    }  # fmt: skip
    document = read([row])
    (record,) = document.records
    assert record["window"]["closes"] == "2022-08-15"
    assert record["countries"] == ["FR-976"]
    assert record["application_url"] == "https://example.org/f"
    assert "kind" not in record
    assert "amount" not in record
    assert [c["statement"] for c in record["criteria"]] == ["Min. 3.000 € par projet"]
    assert codes(document) == ["address-repaired"]


def test_each_numbered_deadline_is_a_window_of_its_own() -> None:
    row = {
        "ID": "7", "post_title": "Appel", "permalink": "https://example.org/7", "banner_budget": "1,5 million d'euros",
        "deadline1": "20230112", "dates_open-1": "20221020", "dates_open-2": "20230201", "dates_open-3": "",
        "dates_deadline-2": "20230601", "dates_deadline-3": "20231101", "dates_deadline-4": "20240101",
        "dates_deadline-5": "20240601", "filtres_sectors": "Citoyenneté &amp; Droits;Culture",
        "filtres_beneficiaries": "Tous bénéficiaires", "info_categorie": "Prix", "info_responsible": "Commission",
    }  # fmt: skip
    (record,) = read([row]).records
    assert [(w["model"], w["opens"], w["closes"]) for w in record["windows"]] == [
        ("cutoffs", "2022-10-20", "2023-01-12"),
        ("cutoffs", "2023-02-01", "2023-06-01"),
        ("cutoffs", None, "2023-11-01"),
        ("cutoffs", None, "2024-01-01"),
        ("cutoffs", None, "2024-06-01"),
    ]
    assert record["themes"] == ["Citoyenneté & Droits", "Culture"]
    assert record["amount"] == {"pot": 1500000, "currency": "EUR"}
    assert record["kind"] == "prize"
    assert "informal_collective" not in record["recipients"]


def test_typed_eligibility_gives_criteria_and_words_stay_words() -> None:
    row = {
        "id": "diag", "titre": "Diagnostic", "nature de l'aide": "étude", "opérateur de contact": "ADEME",
        "conditions d'éligibilité": {
            "taille de l'entreprise": ["Moins de 250 salariés"],
            "secteur géographique": ["Occitanie"],
            "secteur d'activité": ["Industrie"],
            "autres critères d'éligibilité": ["Ne pas avoir commencé"],
        },
        "eligibilityData": {
            "company": {
                "maxEmployees": 249, "allowedRegion": ["Occitanie"], "allowedNafSections": ["C"],
                "openToPublicAdministration": True,
            },
            "validity": {"start": "01/01/2023", "end": "31/12/2026"}, "priorityObjectives": ["energy"],
        },
    }  # fmt: skip
    (record,) = read([row]).records
    assert record["countries"] == ["FR-OCC"]
    assert "public_body" in record["recipients"]
    typed = {c["dimension"]: (c["operator"], c["accepts"], c["quote"]) for c in record["criteria"] if c.get("accepts")}
    assert typed == {
        "employees": ("between", {"max": 249}, "Moins de 250 salariés"),
        "activity_sector": ("any_of", ["C"], "Industrie"),
    }
    text = [c["statement"] for c in record["criteria"] if c["force"] == "text"]
    assert text == ["Occitanie", "Ne pas avoir commencé"]
    assert (record["window"]["opens"], record["window"]["closes"]) == ("2023-01-01", "2026-12-31")


def test_a_help_that_is_paused_promises_no_days() -> None:
    row = {"id": "a", "titre": "A", "eligibilityData": {"validity": {"end": "31/12/2026"}}}
    (record,) = read([{**row, "aide temporairement indisponible": "oui"}]).records
    assert (record["window"]["model"], record["window"]["closes"]) == ("unknown", None)


def test_the_export_and_the_template_are_read() -> None:
    export = (
        "Nom,Lien,Financeurs,Bénéficiaire,Types d'aides,AAP/AMI,Récurrence,Descriptif,Date Clôture\n"
        'Aide,https://aides-territoires.beta.gouv.fr/aides/ab12-aide/,A;B,"Communes;Établissements publics (écoles, '
        "bibliothèques…) / Services de l'État\",Prêt,Oui,Ponctuelle,Texte,31/12/2022\n"
    )
    document = aides_territoires.read(export)
    (record,) = document.records
    assert codes(document) == []
    assert record["id"] == "aides-territoires-ab12-aide"
    assert record["funder"] == {"name": "A, B"}
    assert record["recipients"] == ["public_body"]
    assert (record["kind"], record["window"]["closes"]) == ("loan", "2022-12-31")
    template = (
        "Nom;Porteurs d'aides;Bénéficiaires de l'aide;Types d'aide;Récurrence;Date d'ouverture;Date de clôture;"
        "Éligibilité;Périmètre;URL d'origine\nPrime;22;Commune, Association;Subvention;Ponctuelle;04/07/24;04/10/24;"
        "Être un commun;Occitanie;https://example.org/\n"
    )
    (record,) = aides_territoires.read(template).records
    assert (record["countries"], record["window"]["opens"]) == (["FR-OCC"], "2024-07-04")
    assert "funder" not in record


def test_contacts_never_reach_a_record() -> None:
    document = aid(contact="Ada, ada@example.org", description="Écrire à ada@example.org", author="ada@example.org")
    assert "ada@" not in json.dumps(document.records)


def test_other_json_is_not_taken_for_an_aid() -> None:
    for value in ({"name": "a", "results": []}, [{"id": 1}], {"grants": [{"id": 1, "title": "a"}]}, 3, "x", None):
        assert not aides_territoires.recognise(Sample(json.dumps(value)))
    assert codes(read({"results": []})) == ["no-records"]
    assert aides_territoires.recognise(Sample(json.dumps({"results": [AID]})))


def test_entries_that_are_no_aids_are_told_and_unread_days_stay_in_words() -> None:
    aid = {
        "id": 1, "slug": "a", "name": "Aide", "targeted_audiences": [], "financers": [], "recurrence": "Ponctuelle",
        "submission_deadline": "fin mars",
    }  # fmt: skip
    document = aides_territoires.read(json.dumps({"results": [aid, {"id": 2, "name": None}, "x"]}))
    assert [found.path for found in document.problems if found.code == "not-a-record"] == ["results[1]", "results[2]"]
    assert document.records[0]["window"]["note"] == "fin mars"
