"""The French national schema: places, periods, bodies, and what stays in words."""

from __future__ import annotations

from communs.core.matching import Opportunity, Profile, match
from communs.core.standards import dispositif_aide
from communs.core.standards.documents import Document
from communs.core.standards.formats import Sample

HEADER = (
    "id,titre,promesse,description,eligibilite,types_aides,porteurs,programmes_parents,url_source,cibles,"
    "eligibilite_geographique,eligibilite_geographique_exclusions,date_ouverture,date_cloture,date_mise_a_jour"
)
BASE = {
    "id": "65d5b6c7-102c-4440-ac3b-768f708edc0a",
    "titre": "Aide aux communs",
    "promesse": "Entretenez vos communs",
    "description": "Une aide, deux lignes",
    "eligibilite": "• Être un commun\n• Être ouvert",
    "types_aides": "subvention",
    "porteurs": '[{"nom":"VILLE EXEMPLE","siren":"","roles":["financeur"]}]',
    "cibles": "associations",
    "eligibilite_geographique": "REG-75",
    "date_mise_a_jour": "2025-10-06T13:54:53.602Z",
}


def table(*rows: dict[str, str], header: str = HEADER, mark: str = ",") -> str:
    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"'

    columns = header.split(",")
    lines = [mark.join(cell({**BASE, **row}.get(column, "")) for column in columns) for row in rows]
    return "\n".join([mark.join(columns), *lines]) + "\n"


def one(**values: str) -> dict[str, object]:
    (record,) = dispositif_aide.read(table(values)).records
    return dict(record)


def codes(document: Document) -> list[str]:
    return [found.code for found in document.problems]


def test_a_row_becomes_a_record_and_says_where_it_is_from() -> None:
    document = dispositif_aide.read(table({}))
    assert document.is_valid
    assert codes(document) == []
    (record,) = document.records
    assert record["id"] == "dispositif-aide-65d5b6c7-102c-4440-ac3b-768f708edc0a"
    assert (record["title_fr"], record["kind"], record["recipients"]) == ("Aide aux communs", "grant", ["association"])
    assert record["funder"] == {"name": "VILLE EXEMPLE"}
    assert record["countries"] == ["FR-NAQ"]
    assert record["evidence"][0]["key"] == BASE["id"]
    assert record["evidence"][0]["seen_as_of"] == "2025-10-06"
    assert "window" not in record


def test_eligibility_is_quoted_and_dated_never_typed() -> None:
    (criterion,) = one()["criteria"]  # type: ignore[misc]
    assert criterion["quote"] == criterion["statement"] == "• Être un commun\n• Être ouvert"
    assert (criterion["lang"], criterion["force"], criterion["seen_as_of"]) == ("fr", "text", "2025-10-06")
    assert "accepts" not in criterion


def test_a_moment_in_utc_is_the_day_it_is_in_france() -> None:
    record = one(date_ouverture="2022-12-31T23:00:00.000Z", date_cloture="2026-06-30T21:59:00Z")
    assert record["window"] == {
        "model": "one_off", "opens": "2023-01-01", "closes": "2026-06-30", "precision": "day", "note": None,
    }  # fmt: skip


def test_exclusion_wins_and_a_commune_without_a_code_is_asked_for() -> None:
    record = one(
        eligibilite_geographique="PAYS-99100|COM-987", eligibilite_geographique_exclusions="REG-84|DEP-01|COM-83141"
    )
    assert record["countries"] == ["FR", "PF"]
    assert record["countries_excluded"] == ["FR-01", "FR-ARA"]
    territory = [c for c in record["criteria"] if c["dimension"] == "territory"]  # type: ignore[attr-defined]
    assert [(c["force"], c["statement"]) for c in territory] == [("hard", "sauf COM-83141")]


def test_a_place_without_a_code_neither_shuts_out_nor_promises() -> None:
    record = one(eligibilite_geographique="COM-69123", eligibilite="")
    assert record["countries"] == ["FR"]
    opportunity = Opportunity.from_record({**record, "licence_requirement": "none", "commons_kinds": ["software"]})
    asked = {"legal_form": "association", "kind": "software", "name": "a", "id": "a"}
    assert match(Profile.from_record({**asked, "countries": ["FR"], "country": "FR"}), opportunity).result == "ask"


def test_bodies_are_read_as_json_and_as_the_example_of_the_schema_has_them() -> None:
    record = one(porteurs="[{ nom: 'AGENCE DE L'AIN', siren: '1', roles: [ 'financeur' ]}, { nom: 'B', roles: [] }]")
    assert record["funder"] == {"name": "AGENCE DE L'AIN"}
    document = dispositif_aide.read(table({"porteurs": "ADEME"}))
    assert codes(document) == ["json-in-text"]
    assert "funder" not in document.records[0]


def test_a_body_that_does_not_pay_is_noted_as_the_funder_and_told() -> None:
    document = dispositif_aide.read(table({"porteurs": '[{"nom":"CCI EXEMPLE","roles":["diffuseur"]}]'}))
    assert document.records[0]["funder"] == {"name": "CCI EXEMPLE"}
    assert codes(document) == ["funder-by-place"]


def test_a_word_that_does_not_say_in_which_form_leaves_the_kind_open() -> None:
    document = dispositif_aide.read(table({"types_aides": "financement|étude"}))
    assert "kind" not in document.records[0]
    assert codes(document) == ["kind-open"]
    assert one(types_aides="prêt")["kind"] == "loan"


def test_an_audience_that_is_not_known_shuts_nobody_out() -> None:
    document = dispositif_aide.read(table({"cibles": "associations|confréries"}))
    (record,) = document.records
    assert "recipients" not in record
    assert [c["statement"] for c in record["criteria"] if c["dimension"] == "applicant_form"] == [
        "associations, confréries"
    ]


def test_columns_of_the_annexes_are_conditions() -> None:
    header = (
        f"{HEADER},eligibilite_effectif_minimal,eligibilite_effectif_maximal,forme_juridique_association,"
        "budget_total_alloue,url_candidature"
    )
    values = {
        "eligibilite_effectif_minimal": "10", "eligibilite_effectif_maximal": "249", "budget_total_alloue": "1000000",
        "forme_juridique_association": "loi_1901", "url_candidature": "https://example.org/deposer",
    }  # fmt: skip
    (record,) = dispositif_aide.read(table(values, header=header)).records
    assert record["amount"] == {"pot": 1000000, "currency": "EUR"}
    assert record["application_url"] == "https://example.org/deposer"
    typed = [c for c in record["criteria"] if c.get("accepts")]
    assert [(c["dimension"], c["operator"], c["accepts"]) for c in typed] == [
        ("employees", "between", {"min": 10, "max": 249})
    ]
    assert any(c["dimension"] == "legal_status" and "loi_1901" in c["statement"] for c in record["criteria"])


def test_semicolons_windows_1252_and_a_byte_order_mark_are_read() -> None:
    text = table({}, mark=";")
    latin = dispositif_aide.read(text.replace("\u2022", "-").encode("cp1252"))
    assert latin.is_valid
    assert codes(latin) == ["not-utf8"]
    marked = dispositif_aide.read(b"\xef\xbb\xbf" + text.encode())
    assert latin.records[0]["title_fr"] == marked.records[0]["title_fr"] == "Aide aux communs"
    assert dispositif_aide.recognise(Sample(b"\xef\xbb\xbf" + text.encode()))


def test_a_text_that_was_encoded_twice_is_put_right_and_told() -> None:
    document = dispositif_aide.read(table({"titre": "Éco-défis".encode().decode("cp1252")}))
    assert document.records[0]["title_fr"] == "Éco-défis"
    assert codes(document) == ["encoded-twice"]


def test_a_row_without_a_key_or_twice_the_same_is_told_with_its_line() -> None:
    document = dispositif_aide.read(table({"description": "a\nb"}, {"titre": "Autre"}, {"id": ""}))
    assert len(document.records) == 1
    assert [(p.code, p.line, p.severity) for p in document.problems] == [
        ("repeated-record", 5, "warning"), ("missing", 7, "error"),
    ]  # fmt: skip
    assert not document.is_valid


def test_another_table_is_not_taken_for_one() -> None:
    assert dispositif_aide.recognise(Sample(table({})))
    assert not dispositif_aide.recognise(Sample("id,titre,porteurs\n1,a,b\n"))
    assert not dispositif_aide.recognise(Sample('{"titre": 1}'))
