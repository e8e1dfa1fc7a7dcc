"""Crawl of 1,000 repositories on a local forge: seconds, and how many answers of the second pass say "unchanged"."""

from datetime import UTC, datetime, timedelta

from communs.testing.bench import Line, read_options, report, set_up

OPTIONS = read_options(__doc__)
COUNT = 30 if OPTIONS.smoke else 1_000
set_up(OPTIONS.db)

from communs.testing.crawling import RULES, WAY_IN, WITHIN, publiccode  # noqa: E402 - needs a site that is set up
from communs.testing.forge import FAMILIES, LocalForge, local_forge  # noqa: E402

FIRST = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


def fill(forge: LocalForge) -> None:
    """Repositories in the three shapes by turns, each with a commons that names it."""
    from django.utils import timezone

    from communs.apps.register.importing import import_commons
    from communs.kit.records.files import Placed

    records = []
    for number in range(COUNT):
        family, path = FAMILIES[number % 3], f"group/thing-{number}"
        url = forge.url(family, path)
        files = {"publiccode.yml": publiccode(url, f"Thing {number}"), "LICENSE": "MIT", "README.md": f"Thing {number}"}
        if number % 2:
            files |= {"CONTRIBUTING.md": WAY_IN, "GOVERNANCE.md": RULES, ".github/FUNDING.yml": "liberapay: thing\n"}
        forge.add(family, path, files, licence="EUPL-1.2")
        record = {"id": f"thing-{number}", "name": f"Thing {number}", "kind": "software", "repository": url}
        records.append(Placed(f"thing-{number}", record))
    done = import_commons(records, now=timezone.now())
    assert done.new == COUNT, done.refused[:3]


def one_pass(forge: LocalForge, moment: datetime):
    """A pass as the command does it, and how many statements it wrote."""
    from communs.apps.register.crawling.crawl import crawl
    from communs.apps.register.models import CommonsStatement

    before = CommonsStatement.objects.count()
    done = crawl(COUNT, within=WITHIN, now=lambda: moment)
    assert len(done.looked) == COUNT
    assert {one.outcome.state for one in done.looked} == {"active"}
    return done, CommonsStatement.objects.count() - before


with local_forge() as forge:
    fill(forge)
    first, first_written = one_pass(forge, FIRST)
    second, second_written = one_pass(forge, FIRST + timedelta(days=8))
    changed = max(1, COUNT // 100)
    for number in range(changed):
        repository = forge.find(FAMILIES[number % 3], f"group/thing-{number}")
        repository.files["publiccode.yml"] += b"# a new line\n"
    third, _written = one_pass(forge, FIRST + timedelta(days=16))

share = second.unchanged / second.answers
report(
    f"Crawl of {COUNT} repositories on {OPTIONS.db}",
    [
        Line("first pass", f"{first.seconds:.1f} s, {first.answers} answers, {first_written} statements", "", None),
        Line("second pass", f"{second.seconds:.1f} s, {second.answers} answers", "≤ 60 s", second.seconds <= 60),
        Line("second pass, answers that say “unchanged”", f"{share:.1%}", "≥ 95 %", share >= 0.95),
        Line("second pass, statements written", str(second_written), "0", second_written == 0),
        Line(f"third pass, {changed} files changed", f"{third.changed} found changed", "", third.changed == changed),
    ],
    smoke=OPTIONS.smoke,
)
