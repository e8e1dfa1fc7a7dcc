"""The code lists of grants.gov, and what each code says in our words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_ENTERPRISE: Final = ("company", "cooperative", "social_enterprise")
_NONPROFIT: Final = ("association", "foundation")

# Code → (its name, the forms it takes in; none: the text of the opportunity says who).
APPLICANTS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = MappingProxyType(
    {
        "00": ("State governments", ("public_body",)),
        "01": ("County governments", ("public_body",)),
        "02": ("City or township governments", ("public_body",)),
        "04": ("Special district governments", ("public_body",)),
        "05": ("Independent school districts", ("public_body",)),
        "06": ("Public and State controlled institutions of higher education", ("university",)),
        "07": ("Native American tribal governments (Federally recognized)", ("public_body",)),
        "08": ("Public housing authorities/Indian housing authorities", ("public_body",)),
        "11": ("Native American tribal organizations (other than Federally recognized tribal governments)", ()),
        "12": (
            "Nonprofits having a 501(c)(3) status with the IRS, other than institutions of higher education",
            _NONPROFIT,
        ),
        "13": ("Nonprofits without 501(c)(3) status, other than institutions of higher education", _NONPROFIT),
        "20": ("Private institutions of higher education", ("university",)),
        "21": ("Individuals", ("individual",)),
        "22": ("For-profit organizations other than small businesses", _ENTERPRISE),
        "23": ("Small businesses", _ENTERPRISE),
        "25": ("Others", ()),
        "99": ("Unrestricted", ("individual", *_NONPROFIT, *_ENTERPRISE, "public_body", "university")),
    }
)
KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {"G": "grant", "CA": "grant", "PC": "service_contract", "O": "other"}
)
CATEGORIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ACA": "Affordable Care Act",
        "AG": "Agriculture",
        "AR": "Arts",
        "BC": "Business and Commerce",
        "CD": "Community Development",
        "CP": "Consumer Protection",
        "DPR": "Disaster Prevention and Relief",
        "ED": "Education",
        "ELT": "Employment, Labor and Training",
        "EN": "Energy",
        "ENV": "Environment",
        "FN": "Food and Nutrition",
        "HL": "Health",
        "HO": "Housing",
        "HU": "Humanities",
        "IIJ": "Infrastructure Investment and Jobs Act",
        "IS": "Information and Statistics",
        "ISS": "Income Security and Social Services",
        "LJL": "Law, Justice and Legal Services",
        "NR": "Natural Resources",
        "O": "Other",
        "OZ": "Opportunity Zone Benefits",
        "RA": "Recovery Act",
        "RD": "Regional Development",
        "ST": "Science and Technology and other Research and Development",
        "T": "Transportation",
    }
)
