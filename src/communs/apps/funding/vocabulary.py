"""The closed lists of the one-stop shop, with their labels."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class OpportunityKind(models.TextChoices):
    """In which form the money or the help comes."""

    GRANT = "grant", _("grant")
    SERVICE_CONTRACT = "service_contract", _("service contract")
    PRIZE = "prize", _("prize")
    FELLOWSHIP = "fellowship", _("fellowship")
    LOAN = "loan", _("loan")
    EQUITY = "equity", _("shares or participation")
    IN_KIND = "in_kind", _("help in kind")
    FISCAL_HOSTING = "fiscal_hosting", _("fiscal hosting")
    MATCHING = "matching", _("matched giving")
    DONATIONS = "donations", _("donations")
    OTHER = "other", _("other")


class FundsWhat(models.TextChoices):
    """What the money is for: the difference between paying a project and keeping a commons alive."""

    COMMONS_COLLECTIVE = "commons_collective", _("a commons as a collective")
    MAINTENANCE = "maintenance", _("maintenance")
    PROJECT = "project", _("a project")
    STRUCTURE = "structure", _("a structure")
    PERSON = "person", _("a person")


class FunderType(models.TextChoices):
    """Whose money it is."""

    PUBLIC = "public", _("public body")
    INTERGOVERNMENTAL = "intergovernmental", _("intergovernmental body")
    FOUNDATION = "foundation", _("foundation")
    COMMUNITY = "community", _("community")
    COMPANY = "company", _("company")


class LicenceRequirement(models.TextChoices):
    """What they ask of the licence of the results (`core.matching` gives each its meaning)."""

    NONE = "none", _("no licence is asked for")
    OPEN_LICENCE = "open_licence", _("any open licence")
    OSI = "osi", _("a licence approved by the OSI")
    FSF = "fsf", _("a licence the FSF calls free")
    OSI_OR_FSF = "osi_or_fsf", _("a licence approved by the OSI or called free by the FSF")
    OSI_AND_FSF = "osi_and_fsf", _("a licence approved by the OSI and called free by the FSF")
    OPEN_CONTENT = "open_content", _("an open content licence")
    OPEN_STANDARD = "open_standard", _("an open standard")


class Confidence(models.TextChoices):
    """How sure the facts were on the day they were seen. It says nothing of being open today."""

    HIGH = "high", _("high")
    MEDIUM = "medium", _("medium")
    LOW = "low", _("low")


class Calendar(models.TextChoices):
    """What the calendar says of an opportunity on one day (`core.matching.WindowStatus`), best first."""

    CLOSING = "closing", _("closes soon")
    OPEN = "open", _("open")
    PERMANENT = "permanent", _("no closing date")
    FORECAST = "forecast", _("announced")
    BETWEEN = "between", _("between two dates")
    UNKNOWN = "unknown", _("not known whether open")
    CLOSED = "closed", _("closed")


class WindowModel(models.TextChoices):
    """How the time to apply is organised."""

    ONE_OFF = "one_off", _("once")
    CUTOFFS = "cutoffs", _("several dates")
    ROLLING = "rolling", _("at any time, while money lasts")
    PERMANENT = "permanent", _("at any time")
    RECURRING = "recurring", _("comes back regularly")
    FORECAST = "forecast", _("announced")
    CLOSED = "closed", _("closed")
    UNKNOWN = "unknown", _("not known")


class Precision(models.TextChoices):
    """How exact the dates of a window are."""

    MINUTE = "minute", _("to the minute")
    DAY = "day", _("to the day")
    MONTH = "month", _("to the month")
    QUARTER = "quarter", _("to the quarter")
    YEAR = "year", _("to the year")
    UNKNOWN = "unknown", _("not known")


class Force(models.TextChoices):
    """How much a criterion weighs."""

    HARD = "hard", _("a must")
    SCORED = "scored", _("compared between applications")
    TEXT = "text", _("for people to judge")


class Fit(models.TextChoices):
    """The answer to "does it fit my commons?" (`core.matching.Result`), best first."""

    ELIGIBLE = "eligible", _("You fit")
    LIKELY = "likely", _("Likely")
    ASK = "ask", _("Questions decide")
    NO = "no", _("Not as you are")


class Reach(models.TextChoices):
    """Who can hold the money: the first of these that a source takes (`queries.reach`)."""

    INFORMAL = "informal", _("a group without legal form")
    HOSTED = "hosted", _("a group, only through a fiscal host")
    PERSON = "person", _("a single person, but no group")
    LEGAL_PERSON = "legal_person", _("legal persons only")
    UNKNOWN = "unknown", _("not stated")


class Size(models.TextChoices):
    """The most that one can get, in whole units of the currency that the source uses."""

    TO_5K = "to_5k", _("up to 5,000")
    TO_50K = "to_50k", _("up to 50,000")
    TO_250K = "to_250k", _("up to 250,000")
    TO_1M = "to_1m", _("up to one million")
    OVER_1M = "over_1m", _("more than one million")
    OTHER_CURRENCY = "other_currency", _("in a currency of another scale")
    UNKNOWN = "unknown", _("not stated")


class Age(models.TextChoices):
    """How long ago the facts were last confirmed."""

    TO_6 = "to_6", _("less than six months ago")
    TO_12 = "to_12", _("six to twelve months ago")
    TO_24 = "to_24", _("one to two years ago")
    OVER_24 = "over_24", _("two years ago or more")
    NEVER = "never", _("never, as far as we know")


# Statuses in which one can apply today, as far as anyone knows.
OPEN_NOW = (Calendar.CLOSING, Calendar.OPEN, Calendar.PERMANENT)
# The addresses of an opportunity that are checked, each by itself.
LINK_FIELDS = ("url", "application_url")


class RecipientKind(models.TextChoices):
    """Who received an award."""

    ORGANISATION = "organisation", _("organisation")
    INDIVIDUAL = "individual", _("person")


RECIPIENT_KINDS = dict(RecipientKind.choices)
