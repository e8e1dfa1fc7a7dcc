"""What claims come from, the counters that tell when a catalogue has changed, files read, chores that come back."""

from __future__ import annotations

from django.db import models


class Source(models.Model):
    """Where imported claims come from. `trust` orders sources that disagree: see `docs/rules/claims.md`."""

    key = models.SlugField(max_length=120, unique=True, allow_unicode=True)
    name = models.CharField(max_length=200)
    url = models.URLField(max_length=500, blank=True)
    licence = models.CharField(max_length=200, blank=True)
    trust = models.PositiveSmallIntegerField(
        default=50, help_text="0 (general knowledge) to 100 (the commons' own file)"
    )

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class CatalogueState(models.Model):
    """One row a catalogue: a number that grows with every change, so that caches know what they hold."""

    name = models.CharField(max_length=40, primary_key=True)
    sequence = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} at {self.sequence}"


class FileRead(models.Model):
    """A bundled file that has been imported, by its content."""

    name = models.CharField(max_length=200, primary_key=True)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.name


class Chore(models.Model):
    """Something that is done again and again (`communs.kit.schedule`): when a worker last took it, and how it went."""

    name = models.CharField(max_length=60, primary_key=True)
    taken_at = models.DateTimeField()
    problem = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.name}, last taken {self.taken_at:%Y-%m-%d %H:%M}"
