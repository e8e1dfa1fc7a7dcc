"""Every sentence the matcher says, by code. English here; `explain` passes them through a translation."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from communs.core.texts import N_

# Why an outcome is what it is.
REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "form_accepted": N_("Your legal form is among those they accept."),
        "accepted_through_host": N_("They accept collectives with a fiscal host, and you have one."),
        "form_not_accepted": N_("They accept {forms}; you are {form}."),
        "legal_persons_only": N_("They accept legal persons only; you are {form}."),
        "legal_persons_paid": N_("They pay legal persons only; you are {form}."),
        "needs_host": N_("They accept you only with a fiscal host, and you have none."),
        "host_not_known": N_("They accept collectives with a fiscal host; we do not know whether you have one."),
        "form_not_known": N_("They accept {forms}; we do not know your legal form."),
        "forms_disputed": N_("What they publish leaves open whether your legal form is accepted."),
        "applicants_not_stated": N_("They do not say who may apply."),
        "place_accepted": N_("You are where they ask."),
        "place_anywhere": N_("They fund anywhere."),
        "place_declared": N_("You said that you are in or work in {places}."),
        "place_denied": N_("They are for {places} only, and you said that you are not there."),
        "place_not_accepted": N_("They are for {places} only."),
        "place_not_known": N_("They are for {places} only; what we know of you does not settle that."),
        "places_not_stated": N_("They do not say which places they fund."),
        "licence_accepted": N_("Your licences are what they ask for."),
        "licence_not_accepted": N_("They ask for {licences_asked}; none of your parts has that."),
        "licence_not_known": N_("They ask for {licences_asked}; your licences as we know them do not settle that."),
        "licence_promised": N_("You said that the results will be published that way."),
        "licence_refused": N_("They ask for {licences_asked}, and you said that the results will not have that."),
        "licence_not_stated": N_("They do not say which licence they ask for."),
        "licence_not_stated_but_open": N_("They do not say which licence they ask for; yours are open in every part."),
        "kind_accepted": N_("They fund what you make."),
        "kind_not_accepted": N_("They fund {kinds} only."),
        "kind_not_known": N_("They fund {kinds}; we do not know whether your work is one of those."),
        "kind_declared": N_("You said that the work is one of those: {kinds}."),
        "kind_denied": N_("They fund {kinds}, and you said that the work is none of those."),
        "kinds_not_stated": N_("They do not say which kinds of commons they fund."),
        "language_accepted": N_("You write in a language they accept."),
        "language_declared": N_("You said that you can write in {languages}."),
        "language_denied": N_("The application is written in {languages}, and you said that you cannot."),
        "language_not_known": N_("The application is written in {languages}; we do not know whether you can."),
        "number_accepted": N_("Your figure is within their bounds."),
        "number_out_of_bounds": N_("Your figure is outside their bounds."),
        "number_not_known": N_("They set bounds; we do not know your figure."),
        "declared_yes": N_("You said that this holds."),
        "declared_no": N_("You said that this does not hold."),
        "not_declared": N_("Only you can say whether this holds."),
        "you_do_not_know": N_("You said that you do not know."),
        "for_people": N_("A person has to judge this."),
        "scored": N_("They compare applications on this; it shuts nobody out."),
    }
)

QUESTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "which_form": N_("What is your legal form?"),
        "is_hosted": N_("Does a fiscal host hold money for you?"),
        "does_it_hold": N_("They ask: “{statement}”. Does this hold for you?"),
        "in_territory": N_("Are you based in {places}, or is your work there?"),
        "in_seat": N_("Do you have your seat in {places}?"),
        "in_place": N_("Is your work, or its effect, in {places}?"),
        "in_residence": N_("Do you live, or have your address, in {places}?"),
        "in_tax_residence": N_("Do you pay your taxes in {places}?"),
        "will_be_open": N_("Will what this money pays for be published under {licences_asked}?"),
        "is_of_kind": N_("Is the work you seek money for one of these: {kinds}?"),
        "can_write_in": N_("Can you write the application in {languages}?"),
        "how_many": N_("Which figure do you give for: {number_of}?"),
    }
)

CHANGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "join_host": N_("A fiscal host would change that."),
        "find_carrier": N_("It could be carried for you by others: {forms}."),
        "ask_about_host": N_("They do not say whether a fiscal host may apply for you: ask them."),
        "nothing_place": N_("Nothing you do changes where they fund."),
        "open_licence": N_("Publishing under another licence would change that: {licences_asked}."),
        "write_in": N_("An application written in {languages} would change that."),
        "other_part": N_("Another part of your commons may fit: {kinds}."),
        "make_it_hold": N_("This would have to hold first: “{statement}”."),
        "other_number": N_("Another figure would change that."),
    }
)

CARRIER_IN_SHORT: Final = N_("Someone who is could carry it for you.")

# What they ask, where the record has no sentence of its own.
ASKS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "applicant_form": N_("Applications from {values}"),
        "payee": N_("Payments to {values}"),
        "legal_entity": N_("A legal person"),
        "territory": N_("A base or work in {values}"),
        "seat": N_("A seat in {values}"),
        "place": N_("Work or effect in {values}"),
        "residence": N_("An address in {values}"),
        "tax_residence": N_("Taxes paid in {values}"),
        "output_licence": N_("Results under {values}"),
        "commons_kind": N_("Work on {values}"),
        "application_language": N_("An application in {values}"),
    }
)
ASKS_ANYWHERE: Final = N_("No limit of place")
ASKS_EXCEPT: Final = N_("{asked}, except {excluded}")
ASKS_ALL_LICENCES: Final = N_("Results under a licence that meets each of these: {values}")
ASKS_NOTHING: Final[Mapping[str, str]] = MappingProxyType(
    {
        "applicant_form": N_("Who may apply: not stated"),
        "territory": N_("Where they fund: not stated"),
        "output_licence": N_("Licence of the results: not stated"),
        "commons_kind": N_("Kinds of commons: not stated"),
    }
)
ASKS_NUMBER: Final = N_("{number_of}: from {low} to {high} {unit}")
ASKS_AT_LEAST: Final = N_("{number_of}: at least {low} {unit}")
ASKS_AT_MOST: Final = N_("{number_of}: at most {high} {unit}")

# What we know of you, by the fact that an outcome rests on.
YOU: Final[Mapping[str, str]] = MappingProxyType(
    {
        "legal_form": N_("You are {legal_form}."),
        "hosted_by": N_("Your fiscal host: {hosted_by}."),
        "country": N_("Your seat: {country}."),
        "countries": N_("You are active in: {countries}."),
        "licences": N_("Your licences: {licences}."),
        "kinds": N_("What you make: {kinds}."),
        "languages": N_("Languages you write in: {languages}."),
    }
)
YOU_ANSWERED: Final = N_("You answered: {answer}.")
YOU_UNKNOWN: Final = N_("We do not know yet.")
YOU_NOT_ASKED: Final = N_("Nothing to answer.")

FITS: Final = N_("You fit what they ask.")
# The sentence for a match that fits, by what the calendar says.
FITS_NOW: Final[Mapping[str, str]] = MappingProxyType(
    {
        "closing": N_("You can apply now, and it closes soon."),
        "open": N_("You can apply now."),
        "permanent": N_("You can apply now; there is no closing date."),
        "forecast": N_("You fit what they ask. It is not open yet."),
        "between": N_("You fit what they ask. The last date has passed and the next one is not confirmed."),
        "unknown": N_("You fit what they ask. Whether it is open now is not confirmed."),
        "closed": N_("You fit what they asked. It is closed."),
    }
)
LIKELY: Final = N_("Nothing known stands against you, but not all is settled.")
QUESTIONS_DECIDE: Final = (
    N_("One question decides."), N_("Two questions decide."), N_("Three questions decide."),
    N_("Four questions decide."), N_("Five questions decide."),
)  # fmt: skip
MANY_QUESTIONS_DECIDE: Final = N_("{count} questions decide.")
# The sentence for a refusal, by the reason of the first criterion that is not met.
NOT_AS_YOU_ARE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "form_not_accepted": N_("Not as you are: they accept {forms} only."),
        "legal_persons_only": N_("Not as you are: they accept legal persons only."),
        "legal_persons_paid": N_("Not as you are: they pay legal persons only."),
        "needs_host": N_("Not as you are: they accept you only with a fiscal host."),
        "place_not_accepted": N_("Not for you: they are for {places} only."),
        "place_denied": N_("Not for you: they are for {places} only."),
        "licence_not_accepted": N_("Not as you are: they ask for {licences_asked}."),
        "licence_refused": N_("Not as you are: they ask for {licences_asked}."),
        "kind_not_accepted": N_("Not as you are: they fund {kinds} only."),
        "kind_denied": N_("Not as you are: they fund {kinds} only."),
        "language_denied": N_("Not as you are: the application is written in {languages}."),
        "number_out_of_bounds": N_("Not as you are: your figure is outside their bounds."),
        "declared_no": N_("Not as you are: you said that one thing they ask does not hold."),
    }
)
ONE_MORE_AGAINST: Final = N_("One more thing stands against it.")
MORE_AGAINST: Final = N_("{count} more things stand against it.")
WHEN_NOT_OPEN: Final[Mapping[str, str]] = MappingProxyType(
    {
        "closed": N_("It is closed."),
        "forecast": N_("It is not open yet."),
        "between": N_("The last date has passed and the next one is not confirmed."),
    }
)

STATUS_NAMES: Final[Mapping[str, str]] = MappingProxyType({
    "met": N_("met"), "not_met": N_("not met"), "unknown": N_("not known"), "text": N_("for people to judge"),
})  # fmt: skip
RESULT_NAMES: Final[Mapping[str, str]] = MappingProxyType({
    "eligible": N_("fits"), "likely": N_("likely"), "ask": N_("depends on your answers"), "no": N_("not as you are"),
})  # fmt: skip
