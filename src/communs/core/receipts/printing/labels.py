"""The words of the printed receipt. French is the text that the law asks for; English translates it.

They are no interface texts: a receipt does not change with a catalogue, and nobody may translate the law in passing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from communs.core.receipts.receipts import Article, Category, Form, Nature, Payment

Words = Mapping[str, str]


def _words(line: str) -> tuple[str, ...]:
    return tuple(line.split())


TEXTS: Final[Mapping[str, Words]] = {
    "fr": {
        "title-people": "Reçu des dons et versements effectués par les particuliers au titre des articles 200 et 978 du"
        " code général des impôts",
        "title-companies": "Reçu des dons et versements effectués par les entreprises au titre de l’article"
        " 238\u00a0bis du code général des impôts",
        "separator": "\u00a0: ",
        "short": "Reçu n°\u00a0{number}",
        "model-people": "Mentions du modèle n°\u00a02041-RD (Cerfa n°\u00a011580*05)",
        "model-companies": "Mentions du modèle n°\u00a02041-MEC-SD (Cerfa n°\u00a016216*02)",
        "number": "Numéro d’ordre du reçu",
        "translation": "",
        "cancelled": "ANNULÉ",
        "cancelled-said": "Ce reçu a été annulé le {on}\u00a0: {reason}. Il ne donne droit à aucune réduction d’impôt.",
        "replaced-by": "Il est remplacé par le reçu n°\u00a0{number}.",
        "replaces": "Ce reçu annule et remplace le reçu n°\u00a0{number}.",
        "body": "Organisme bénéficiaire",
        "name": "Nom ou dénomination",
        "siren": "Numéro SIREN",
        "rna": "Numéro RNA",
        "address": "Adresse",
        "object": "Objet",
        "category": "Qualité de l’organisme",
        "donor": "Donateur",
        "company": "Entreprise donatrice",
        "surname": "Nom",
        "given-names": "Prénoms",
        "legal-form": "Forme juridique",
        "gift": "Don",
        "received": "L’organisme bénéficiaire reconnaît avoir reçu, au titre des dons et versements ouvrant droit"
        " à réduction d’impôt, la somme de\u00a0:",
        "amount": "Montant",
        "amount-in-words": "Somme en toutes lettres",
        "given-on": "Date du versement ou du don",
        "given-between": "Période des versements ou des dons",
        "between": "du {first} au {last}",
        "form": "Forme du don",
        "nature": "Nature du don",
        "description": "Description",
        "payment": "Mode de versement",
        "certified": "Le bénéficiaire certifie sur l’honneur que les dons et versements qu’il reçoit ouvrent droit à la"
        " réduction d’impôt prévue {articles} du code général des impôts.",
        "articles": "aux articles {first} et {last}",
        "to-article": "à l’article {first}",
        "signature": "Signature",
        "issued-on": "Date",
        "signed-by": "Signataire",
        "role": "Qualité",
        "treasurer": "Trésorier",
        "france": "France",
    },
    "en": {
        "title-people": "Receipt for gifts and payments made by individuals under articles 200 and 978 of the French"
        " general tax code",
        "title-companies": "Receipt for gifts and payments made by companies under article 238\u00a0bis of the French"
        " general tax code",
        "separator": ": ",
        "short": "Receipt no.\u00a0{number}",
        "model-people": "Contents of French form no.\u00a02041-RD (Cerfa no.\u00a011580*05)",
        "model-companies": "Contents of French form no.\u00a02041-MEC-SD (Cerfa no.\u00a016216*02)",
        "number": "Receipt number",
        "translation": "This is a translation for information. Only the receipt in French, with the same number, has"
        " legal effect.",
        "cancelled": "CANCELLED",
        "cancelled-said": "This receipt was cancelled on {on}: {reason}. It gives no right to any tax reduction.",
        "replaced-by": "It is replaced by receipt no.\u00a0{number}.",
        "replaces": "This receipt cancels and replaces receipt no.\u00a0{number}.",
        "body": "Receiving organisation",
        "name": "Name",
        "siren": "SIREN number",
        "rna": "RNA number",
        "address": "Address",
        "object": "Purpose",
        "category": "Legal status of the organisation",
        "donor": "Donor",
        "company": "Donor company",
        "surname": "Surname",
        "given-names": "Given names",
        "legal-form": "Legal form",
        "gift": "Gift",
        "received": "The receiving organisation acknowledges having received, as gifts and payments that give"
        " right to a tax reduction, the sum of:",
        "amount": "Amount",
        "amount-in-words": "Amount in words",
        "given-on": "Date of the payment or gift",
        "given-between": "Period of the payments or gifts",
        "between": "from {first} to {last}",
        "form": "Form of the gift",
        "nature": "Nature of the gift",
        "description": "Description",
        "payment": "Mode of payment",
        "certified": "The receiving organisation certifies on its honour that the gifts and payments it receives give"
        " right to the tax reduction of {articles} of the French general tax code.",
        "to-article": "article {first}",
        "articles": "articles {first} and {last}",
        "signature": "Signature",
        "issued-on": "Date",
        "signed-by": "Signed by",
        "role": "Capacity",
        "treasurer": "Treasurer",
        "france": "France",
    },
}

MONTHS: Final[Mapping[str, tuple[str, ...]]] = {
    "fr": _words("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
    "en": _words("January February March April May June July August September October November December"),
}

VALUES: Final[Mapping[str, Mapping[Category | Form | Nature | Payment, str]]] = {
    "fr": {
        Category.GENERAL_INTEREST: "Œuvre ou organisme d’intérêt général",
        Category.PUBLIC_UTILITY: "Association ou fondation reconnue d’utilité publique",
        Category.UNIVERSITY_FOUNDATION: "Fondation universitaire ou fondation partenariale",
        Category.CORPORATE_FOUNDATION: "Fondation d’entreprise",
        Category.HERITAGE_FOUNDATION: "Fondation du patrimoine, ou organisme qui lui affecte ses dons",
        Category.ENDOWMENT_FUND: "Fonds de dotation",
        Category.RESEARCH: "Établissement de recherche public ou privé, d’intérêt général, à but non lucratif",
        Category.HIGHER_EDUCATION: "Établissement d’enseignement supérieur ou artistique, d’intérêt général, à but non"
        " lucratif",
        Category.MUSEUM: "Musée de France",
        Category.RELIEF: "Organisme sans but lucratif qui fournit gratuitement une aide à des personnes en difficulté",
        Category.EUROPEAN: "Organisme agréé d’un État de l’Espace économique européen",
        Category.OTHER: "Autre organisme",
        Form.AUTHENTIC_DEED: "Acte authentique",
        Form.PRIVATE_DEED: "Acte sous seing privé",
        Form.FROM_HAND_TO_HAND: "Déclaration de don manuel",
        Form.OTHER: "Autre",
        Nature.MONEY: "Numéraire",
        Nature.SHARES: "Titres de sociétés",
        Nature.EXPENSES: "Frais engagés par les bénévoles, dont ils renoncent expressément au remboursement",
        Nature.INCOME: "Abandon exprès de revenus ou de produits",
        Nature.IN_KIND: "Don en nature",
        Payment.COINS: "Remise d’espèces",
        Payment.CHEQUE: "Chèque",
        Payment.TRANSFER: "Virement, prélèvement, carte bancaire",
    },
    "en": {
        Category.GENERAL_INTEREST: "Work or organisation of general interest",
        Category.PUBLIC_UTILITY: "Association or foundation recognised as of public utility",
        Category.UNIVERSITY_FOUNDATION: "University foundation or partnership foundation",
        Category.CORPORATE_FOUNDATION: "Corporate foundation",
        Category.HERITAGE_FOUNDATION: "Fondation du patrimoine, or a body that assigns gifts to it",
        Category.ENDOWMENT_FUND: "Endowment fund (fonds de dotation)",
        Category.RESEARCH: "Public or private research body, of general interest, not for profit",
        Category.HIGHER_EDUCATION: "Body of higher or artistic education, of general interest, not for profit",
        Category.MUSEUM: "Musée de France",
        Category.RELIEF: "Non-profit organisation that gives free help to people in difficulty",
        Category.EUROPEAN: "Approved organisation of a state of the European Economic Area",
        Category.OTHER: "Other organisation",
        Form.AUTHENTIC_DEED: "Authentic deed",
        Form.PRIVATE_DEED: "Private deed",
        Form.FROM_HAND_TO_HAND: "Declared gift from hand to hand",
        Form.OTHER: "Other",
        Nature.MONEY: "Money",
        Nature.SHARES: "Shares of companies",
        Nature.EXPENSES: "Expenses of volunteers who expressly gave up being paid back",
        Nature.INCOME: "Income or proceeds expressly given up",
        Nature.IN_KIND: "Gift in kind",
        Payment.COINS: "Cash",
        Payment.CHEQUE: "Cheque",
        Payment.TRANSFER: "Transfer, direct debit, card",
    },
}  # fmt: skip

ARTICLES: Final[Mapping[Article, str]] = {
    Article.INCOME: "200",
    Article.COMPANIES: "238\u00a0bis",
    Article.REAL_ESTATE_WEALTH: "978",
}
