"""The columns of SCDL *subventions* 2.1.1, in their order, with what may stand in each.

Source: OpenDataFrance, schéma « Subventions » 2.1.1 (décret n° 2017-779, arrêté du 17 novembre 2017). A test compares
this table with the published file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

VERSION: Final = "2.1.1"
YES_NO: Final = ("oui", "non")
Type = Literal["string", "integer", "number", "date"]


@dataclass(frozen=True, slots=True)
class Field:
    """`required`: no cell may be empty. `values`: the only ones allowed. `length`: the most characters."""

    name: str
    type: Type = "string"
    required: bool = False
    pattern: re.Pattern[str] | None = None
    values: tuple[str, ...] = ()
    length: int | None = None
    minimum: str = ""
    maximum: str = ""
    is_siret: bool = False


FIELDS: Final = (
    Field("idSubvention"),
    Field("nomAttribuant", required=True),
    Field("idAttribuant", required=True, pattern=re.compile(r"\d{14}", re.ASCII), is_siret=True),
    Field("nomServiceInstructeur"),
    Field("idServiceInstructeur", required=True),
    Field("nomBeneficiaire", required=True),
    Field("idBeneficiaire", is_siret=True),
    Field("rnaBeneficiaire", pattern=re.compile(r"W\d{9}", re.ASCII)),
    Field("exerciceBudgetaire", "integer"),
    Field("pluriannualite", values=YES_NO),
    Field("anneesPluriannualite"),
    Field("dateDecision", "date"),
    Field("dateConvention", "date", required=True),
    Field("referenceDecision"),
    Field("dateCreation", "date"),
    Field("dateDebut", "date"),
    Field("dateFin", "date"),
    Field("dispositif"),
    Field("sousDispositif"),
    Field("statutLabel", values=("en cours d'intruction", "attribuée", "ineligible", "refusée")),
    Field("objet", required=True, length=256),
    Field(
        "nature",
        required=True,
        values=(
            "aide en numéraire", "aide en nature",
            "aide en numéraire;aide en nature", "aide en nature;aide en numéraire",
        ),
    ),
    Field("montantDemande", "number"),
    Field("montant", "number"),
    Field("nomOutilInstruction"),
    Field("nomOutilVersement"),
    Field("ej"),
    Field("cléVersement"),
    Field("conditionsVersement", required=True, values=("unique", "échelonné", "autre")),
    Field("descriptionConditionsVersement", required=True, length=256),
    Field(
        "datesPeriodeVersement",
        required=True,
        pattern=re.compile(r"\d{4}-\d{2}-\d{2}(/\d{4}-\d{2}-\d{2})?", re.ASCII),
    ),
    Field("cofinancement", values=YES_NO),
    Field("attribuantsCofinanceurs"),
    Field("idCofinancement"),
    Field("idRAE", length=5),
    Field("notificationUE", required=True, values=YES_NO),
    Field("pourcentageSubvention", "number", required=True, minimum="0.01", maximum="1"),
    Field("evaluationCout", "number"),
    Field("evaluation"),
    Field("dateMiseAJour", "date"),
)  # fmt: skip
COLUMNS: Final = tuple(field.name for field in FIELDS)
BY_NAME: Final[Mapping[str, Field]] = {field.name: field for field in FIELDS}

# Names in use before this schema, and in files that were published under earlier ones.
EARLIER: Final[Mapping[str, str]] = {
    "coll_nom": "nomAttribuant",
    "coll_siret": "idAttribuant",
    "acte_date": "dateConvention",
    "acte_ref": "referenceDecision",
    "attrib_nom": "nomBeneficiaire",
    "attrib_siret": "idBeneficiaire",
    "sub_objet": "objet",
    "sub_obj": "objet",
    "sub_montant": "montant",
    "sub_nature": "nature",
    "sub_date_debut": "dateDebut",
    "sub_date_fin": "dateFin",
    "sub_versement": "conditionsVersement",
    "sub_dispositif": "dispositif",
    "dispositifaide": "dispositif",
    "notif_eu": "notificationUE",
    "notification à la commission européenne": "notificationUE",
    "annee": "exerciceBudgetaire",
}


def column_meant(header: str) -> str:
    """The column of the schema that a header names, in other capitals or by an earlier name; empty for none.

    >>> column_meant("NomAttribuant"), column_meant("COLL_NOM"), column_meant("type")
    ('nomAttribuant', 'nomAttribuant', '')
    """
    folded = header.strip().casefold()
    return _FOLDED.get(folded, "") or EARLIER.get(folded, "")


_FOLDED: Final = {name.casefold(): name for name in COLUMNS}
