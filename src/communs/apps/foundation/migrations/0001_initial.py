import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=60, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("bank", "bank"),
                            ("clearing", "clearing"),
                            ("unidentified", "unidentified"),
                            ("donor", "donor"),
                            ("commons", "commons"),
                            ("unclaimed", "unclaimed"),
                            ("capital", "capital"),
                            ("income", "income"),
                            ("grants", "grants"),
                            ("fees", "fees"),
                            ("transfer", "transfer"),
                            ("conversion", "conversion"),
                        ],
                        max_length=12,
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("owner", models.CharField(blank=True, db_index=True, max_length=80)),
                ("title", models.CharField(blank=True, max_length=200)),
                ("overdraft_minor", models.BigIntegerField(default=0)),
                ("expires_on", models.DateField(blank=True, null=True)),
                (
                    "destination",
                    models.CharField(
                        blank=True, help_text="where unclaimed shares go when they expire", max_length=200
                    ),
                ),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("overdraft_minor__gte", 0)), name="overdraft_is_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "unclaimed"), _negated=True),
                            models.Q(("expires_on__isnull", False), models.Q(("destination", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="unclaimed_shares_expire",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("size", models.BigIntegerField(unique=True)),
                ("root", models.CharField(help_text="hexadecimal", max_length=64)),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="LogState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("origin", models.CharField(blank=True, max_length=255)),
                ("up_to", models.BigIntegerField(default=0)),
                ("older_than", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="RollVoter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("pseudonym", models.CharField(max_length=64)),
                ("college", models.CharField(max_length=100)),
            ],
        ),
        migrations.CreateModel(
            name="Sweep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("provider", models.CharField(max_length=20, unique=True)),
                ("watermark", models.DateTimeField()),
                ("problem", models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name="BankAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("holder", models.CharField(max_length=70)),
                ("iban", models.CharField(max_length=34, unique=True)),
                ("bic", models.CharField(blank=True, max_length=11)),
                ("town", models.CharField(max_length=35)),
                ("country", models.CharField(max_length=2)),
                ("created_at", models.DateTimeField()),
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="at_bank", to="foundation.account"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BankFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(max_length=64, unique=True)),
                (
                    "kind",
                    models.CharField(choices=[("camt.053", "Statement"), ("pain.002", "Status report")], max_length=10),
                ),
                ("name", models.CharField(max_length=200)),
                ("data", models.BinaryField()),
                ("received_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BankStatement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ident", models.CharField(blank=True, max_length=80)),
                ("number", models.CharField(blank=True, max_length=40)),
                ("opening_minor", models.BigIntegerField(blank=True, null=True)),
                ("opening_on", models.DateField(blank=True, null=True)),
                ("closing_minor", models.BigIntegerField(blank=True, null=True)),
                ("closing_on", models.DateField(blank=True, null=True)),
                (
                    "bank_account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="foundation.bankaccount",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="statements", to="foundation.bankfile"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BankLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64)),
                ("booked_on", models.DateField()),
                ("minor", models.BigIntegerField()),
                (
                    "name",
                    models.CharField(blank=True, help_text="the other side, as the bank writes it", max_length=200),
                ),
                ("iban", models.CharField(blank=True, max_length=40)),
                ("end_to_end", models.CharField(blank=True, max_length=80)),
                ("order", models.CharField(blank=True, help_text="the order of ours that it is about", max_length=80)),
                ("reference", models.CharField(blank=True, max_length=80)),
                ("text", models.CharField(blank=True, max_length=1000)),
                ("code", models.CharField(blank=True, max_length=40)),
                ("is_return", models.BooleanField(default=False)),
                (
                    "reason",
                    models.CharField(
                        blank=True, help_text="why it came back: the code, then the bank's words", max_length=200
                    ),
                ),
                ("bank_reference", models.CharField(blank=True, max_length=80)),
                (
                    "bank_account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="foundation.bankaccount"
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="foundation.bankstatement"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["bank_account", "booked_on"], name="line_by_day")],
                "constraints": [
                    models.UniqueConstraint(fields=("bank_account", "key"), name="one_line_a_key"),
                    models.CheckConstraint(condition=models.Q(("minor", 0), _negated=True), name="line_is_an_amount"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Bundle",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("token", models.UUIDField(unique=True)),
                ("commons", models.CharField(db_index=True, help_text="public id", max_length=80)),
                ("starts_on", models.DateField()),
                ("terms", models.CharField(max_length=64)),
                ("proposed_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=("commons", "starts_on"),
                        name="one_bundle_a_day",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BundleAcceptance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("party", models.CharField(max_length=80)),
                ("terms", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                (
                    "bundle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="acceptances", to="foundation.bundle"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("bundle", "party"), name="accepted_once")],
            },
        ),
        migrations.CreateModel(
            name="BundleShare",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("party", models.CharField(help_text="public id of a commons", max_length=80)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("community", "the people who look after it"),
                            ("commons", "a commons that it builds on"),
                            ("reserve", "a reserve that several commons share"),
                        ],
                        max_length=10,
                    ),
                ),
                ("ppm", models.PositiveIntegerField()),
                (
                    "bundle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="shares", to="foundation.bundle"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("bundle", "party"), name="one_share_a_party"),
                    models.CheckConstraint(
                        condition=models.Q(("ppm__gte", 1), ("ppm__lte", 1000000)), name="share_is_a_part"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("open-fund", "Open a fund"),
                            ("release", "Release restricted money"),
                            ("reclassify", "Put money into another fund"),
                            ("overdraft", "Open an account with an agreed overdraft"),
                            ("reversal", "Take an entry back"),
                            ("close-period", "Close a period"),
                            ("agreement", "Agree with a public funder"),
                        ],
                        max_length=12,
                    ),
                ),
                ("content", models.JSONField()),
                ("content_sha256", models.CharField(max_length=64)),
                ("reason", models.CharField(blank=True, max_length=400)),
                ("proposed_at", models.DateTimeField(db_index=True)),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DecisionStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "what",
                    models.CharField(
                        choices=[("approved", "Approved"), ("refused", "Refused"), ("withdrawn", "Withdrawn")],
                        max_length=9,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("reason", models.CharField(blank=True, max_length=400)),
                (
                    "outcome",
                    models.CharField(blank=True, help_text="a fund, an account, an entry, or a period", max_length=100),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="foundation.decision"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("decision", "number"), name="decision_steps_are_counted"),
                    models.UniqueConstraint(fields=("decision", "person"), name="one_word_on_a_decision"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("key", models.CharField(max_length=200, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("opening", "opening"),
                            ("pay-in", "pay-in"),
                            ("identification", "identification"),
                            ("settlement", "settlement"),
                            ("fee", "fee"),
                            ("grant", "grant"),
                            ("claim", "claim"),
                            ("expiry", "expiry"),
                            ("payout", "payout"),
                            ("conversion", "conversion"),
                            ("release", "release"),
                            ("reclassify", "reclassify"),
                            ("reversal", "reversal"),
                        ],
                        max_length=14,
                    ),
                ),
                ("effective_on", models.DateField()),
                ("happened_on", models.DateField(blank=True, null=True)),
                ("recorded_at", models.DateTimeField()),
                ("memo", models.CharField(blank=True, max_length=500)),
                ("document", models.CharField(blank=True, max_length=500)),
                (
                    "actor",
                    models.CharField(
                        blank=True, help_text='"person:<number>", or the part of communs that acts', max_length=40
                    ),
                ),
                ("provider", models.CharField(blank=True, max_length=20)),
                ("provider_object", models.CharField(blank=True, max_length=100)),
                ("provider_state", models.CharField(blank=True, max_length=40)),
                ("body_sha256", models.CharField(max_length=64)),
                ("sealed", models.BooleanField(default=False)),
                ("sequence", models.BigIntegerField(blank=True, null=True, unique=True)),
                (
                    "reverses",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversals",
                        to="foundation.entry",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["effective_on"], name="entry_by_day")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("provider", ""), _negated=True),
                        fields=("provider", "provider_object", "provider_state"),
                        name="one_entry_a_transition",
                    ),
                    models.CheckConstraint(condition=models.Q(("key", ""), _negated=True), name="entry_has_a_key"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("memo", ""),
                            models.Q(("kind__in", ("pay-in", "identification", "payout")), _negated=True),
                            _connector="OR",
                        ),
                        name="entry_of_people_says_nothing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Fund",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=60, unique=True)),
                (
                    "nature",
                    models.CharField(
                        choices=[
                            ("restricted", "restricted"),
                            ("designated", "designated"),
                            ("unrestricted", "unrestricted"),
                        ],
                        max_length=12,
                    ),
                ),
                ("title", models.JSONField(default=dict, help_text="by language")),
                ("purpose", models.JSONField(blank=True, default=dict, help_text="by language")),
                ("funder", models.CharField(blank=True, help_text="who gave it, as it is published", max_length=200)),
                (
                    "convention",
                    models.CharField(blank=True, help_text="the agreement that restricts it", max_length=200),
                ),
                ("return_clause", models.TextField(blank=True, help_text="what becomes of money that is not spent")),
                ("opens_on", models.DateField(blank=True, null=True)),
                ("closes_on", models.DateField(blank=True, null=True)),
                ("floor_minor", models.BigIntegerField(blank=True, default=0, null=True)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("nature", "restricted"), _negated=True),
                            models.Q(models.Q(("convention", ""), _negated=True), ("floor_minor__gte", 0)),
                            _connector="OR",
                        ),
                        name="restricted_fund_is_bound",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("opens_on", None),
                            ("closes_on", None),
                            ("closes_on__gte", models.F("opens_on")),
                            _connector="OR",
                        ),
                        name="fund_opens_before_it_closes",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="bankaccount",
            name="fund",
            field=models.ForeignKey(
                help_text="has money that nobody claims, and pays the fees",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="foundation.fund",
            ),
        ),
        migrations.CreateModel(
            name="Balance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slot", models.PositiveSmallIntegerField()),
                ("minor", models.BigIntegerField()),
                ("last", models.BigIntegerField(blank=True, help_text="the newest entry in it, on SQLite", null=True)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="foundation.account",
                    ),
                ),
                (
                    "fund",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="foundation.fund",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("account", "fund", "slot"), name="one_balance_a_slot")],
            },
        ),
        migrations.AddField(
            model_name="account",
            name="fund",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="foundation.fund",
            ),
        ),
        migrations.CreateModel(
            name="Gift",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(unique=True)),
                ("token", models.CharField(max_length=43, unique=True)),
                ("body_sha256", models.CharField(max_length=64)),
                ("reference", models.CharField(help_text="ISO 11649", max_length=25, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("donation", "Gift"),
                            ("pledge", "Pledge: a gift on a later day"),
                            ("membership", "Membership fee"),
                            ("event", "Contribution to an event or a campaign"),
                            ("grant", "Grant by a public funder"),
                        ],
                        max_length=10,
                    ),
                ),
                ("way", models.CharField(max_length=20)),
                ("currency", models.CharField(max_length=3)),
                (
                    "every",
                    models.CharField(
                        blank=True,
                        choices=[("", "Once"), ("month", "Every month"), ("year", "Every year")],
                        max_length=5,
                    ),
                ),
                (
                    "times",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="how often in all; empty: until stopped", null=True
                    ),
                ),
                ("due_on", models.DateField(blank=True, help_text="the day for which a pledge was made", null=True)),
                (
                    "counterpart",
                    models.CharField(blank=True, help_text="what is given for it; then no receipt", max_length=200),
                ),
                ("made_at", models.DateTimeField()),
                (
                    "begun_id",
                    models.CharField(blank=True, db_index=True, help_text="the provider's name for it", max_length=255),
                ),
                ("begun_url", models.URLField(blank=True, max_length=2000)),
                ("begun_until", models.DateTimeField(blank=True, null=True)),
                (
                    "asked_at",
                    models.DateTimeField(
                        blank=True, help_text="when a provider was asked and its answer is due", null=True
                    ),
                ),
                ("reminded_on", models.DateField(blank=True, null=True)),
                (
                    "stopped_at",
                    models.DateTimeField(blank=True, help_text="when it was said that no more will come", null=True),
                ),
                (
                    "fund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="gifts", to="foundation.fund"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["made_at"], name="gift_by_moment")],
            },
        ),
        migrations.CreateModel(
            name="Agreement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("eligible", models.TextField(help_text="what may be funded with it")),
                (
                    "eligible_query",
                    models.CharField(
                        blank=True,
                        help_text="the same as a query of the register's list, which rounds keep to",
                        max_length=1000,
                    ),
                ),
                (
                    "decision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreement",
                        to="foundation.decision",
                    ),
                ),
                (
                    "gift",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="agreement", to="foundation.gift"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="GiftPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("what", models.CharField(choices=[("gift", "The gift"), ("tip", "For the platform")], max_length=4)),
                ("minor", models.BigIntegerField()),
                (
                    "fund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="foundation.fund"
                    ),
                ),
                (
                    "gift",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="parts", to="foundation.gift"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("gift", "number"), name="parts_are_counted"),
                    models.CheckConstraint(
                        condition=models.Q(("minor__gt", 0), ("minor__lte", 1000000000000)), name="part_is_an_amount"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Giver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("language", models.CharField(max_length=2)),
                ("wants_receipt", models.BooleanField(default=False)),
                ("given_names", models.CharField(blank=True, max_length=100)),
                ("name", models.CharField(blank=True, max_length=200)),
                ("is_company", models.BooleanField(default=False)),
                ("legal_form", models.CharField(blank=True, max_length=100)),
                ("siren", models.CharField(blank=True, max_length=9)),
                ("street", models.CharField(blank=True, max_length=200)),
                ("postcode", models.CharField(blank=True, max_length=16)),
                ("town", models.CharField(blank=True, max_length=100)),
                ("country", models.CharField(blank=True, help_text="in words; empty for France", max_length=60)),
                (
                    "gift",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="giver", to="foundation.gift"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Leaf",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.BigIntegerField(unique=True)),
                ("veiled", models.JSONField(default=dict)),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="leaf", to="foundation.entry"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("number__gte", 0)), name="leaves_count_from_zero")
                ],
            },
        ),
        migrations.CreateModel(
            name="LineDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("payout", "A payout that the bank has made"),
                            ("return", "A payout that came back"),
                            ("gift", "A gift"),
                            ("fee", "A fee of the bank"),
                            ("unidentified", "Nobody knows yet what it is"),
                            ("income", "A gift without a name"),
                            ("give-back", "To be given back"),
                            ("clearing", "To be cleared up with the bank"),
                            ("settlement", "A payout of a payment provider"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("note", models.CharField(blank=True, max_length=400)),
                (
                    "entry",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="foundation.entry",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="foundation.bankline"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("line", "number"), name="decisions_are_counted")],
            },
        ),
        migrations.CreateModel(
            name="Notification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("provider", models.CharField(max_length=20)),
                ("event_id", models.CharField(max_length=255)),
                ("headers", models.JSONField(default=dict)),
                ("body", models.BinaryField()),
                ("received_at", models.DateTimeField()),
                ("kind", models.CharField(blank=True, max_length=20)),
                ("object_id", models.CharField(blank=True, max_length=255)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waits"),
                            ("done", "Followed"),
                            ("forged", "Signed with another key"),
                            ("unreadable", "No notification"),
                        ],
                        max_length=10,
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("next_at", models.DateTimeField()),
                ("problem", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "indexes": [models.Index(fields=["state", "next_at"], name="notification_due")],
                "constraints": [
                    models.UniqueConstraint(fields=("provider", "event_id"), name="one_notification_an_event")
                ],
            },
        ),
        migrations.CreateModel(
            name="Owned",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("currency", models.CharField(max_length=3)),
                ("slot", models.PositiveSmallIntegerField()),
                ("minor", models.BigIntegerField()),
                ("last", models.BigIntegerField(blank=True, help_text="the newest entry in it, on SQLite", null=True)),
                (
                    "fund",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="foundation.fund",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("fund", "currency", "slot"), name="one_owned_a_slot")],
            },
        ),
        migrations.CreateModel(
            name="Payee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=60, unique=True)),
                (
                    "title",
                    models.CharField(blank=True, help_text="who it is, for those who hold an office", max_length=200),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="payees", to="foundation.account"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BankDetails",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=70)),
                ("iban", models.CharField(max_length=34)),
                ("bic", models.CharField(blank=True, max_length=11)),
                ("street", models.CharField(blank=True, max_length=70)),
                ("building", models.CharField(blank=True, max_length=16)),
                ("postcode", models.CharField(blank=True, max_length=16)),
                ("town", models.CharField(max_length=35)),
                ("country", models.CharField(max_length=2)),
                ("given_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "payee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="details", to="foundation.payee"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by", None),
                            models.Q(("confirmed_by", models.F("given_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="another_confirms_bank_details",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_at", None), ("confirmed_by", None)),
                            models.Q(("confirmed_at__isnull", False), ("confirmed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="confirmed_bank_details_say_by_whom",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PayIn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("provider", models.CharField(max_length=20)),
                ("object_id", models.CharField(max_length=100)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("created", "Begun"),
                            ("pending", "Waits for the payer’s bank"),
                            ("authorised", "Authorised"),
                            ("settled", "Received"),
                            ("paid-out-to-bank", "Paid out to our bank"),
                            ("refused", "Refused"),
                            ("cancelled", "Cancelled"),
                            ("expired", "Not paid in time"),
                        ],
                        max_length=16,
                    ),
                ),
                ("minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("told_at", models.DateTimeField(help_text="the moment that the latest news is of")),
                ("came_on", models.DateField(blank=True, help_text="the day on which the money was there", null=True)),
                ("means", models.CharField(blank=True, max_length=20)),
                ("at_risk_until", models.DateField(blank=True, null=True)),
                ("settlement", models.CharField(blank=True, db_index=True, max_length=100)),
                ("form", models.CharField(blank=True, max_length=200)),
                ("doubt", models.CharField(blank=True, help_text="why a person has to look", max_length=500)),
                (
                    "gift",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pay_ins",
                        to="foundation.gift",
                    ),
                ),
                (
                    "line",
                    models.OneToOneField(
                        blank=True,
                        help_text="of the bank",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pay_in",
                        to="foundation.bankline",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("provider", "object_id"), name="one_pay_in_an_object")],
            },
        ),
        migrations.CreateModel(
            name="Dispute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("object_id", models.CharField(max_length=100)),
                (
                    "state",
                    models.CharField(
                        choices=[("opened", "Disputed"), ("won", "Won: it stays"), ("lost", "Lost: it has gone back")],
                        max_length=6,
                    ),
                ),
                ("minor", models.BigIntegerField()),
                ("lost_minor", models.BigIntegerField(default=0)),
                ("told_at", models.DateTimeField()),
                (
                    "pay_in",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="disputes", to="foundation.payin"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("pay_in", "object_id"), name="one_dispute_an_object")],
            },
        ),
        migrations.CreateModel(
            name="PayInEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(help_text="gift, tip, fee, back, loss, undone, moved", max_length=10)),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="of_pay_in", to="foundation.entry"
                    ),
                ),
                (
                    "pay_in",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="foundation.payin"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PayInStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("created", "Begun"),
                            ("pending", "Waits for the payer’s bank"),
                            ("authorised", "Authorised"),
                            ("settled", "Received"),
                            ("paid-out-to-bank", "Paid out to our bank"),
                            ("refused", "Refused"),
                            ("cancelled", "Cancelled"),
                            ("expired", "Not paid in time"),
                        ],
                        max_length=16,
                    ),
                ),
                ("told_at", models.DateTimeField()),
                ("heard_at", models.DateTimeField()),
                (
                    "pay_in",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="foundation.payin"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("pay_in", "number"), name="pay_in_steps_are_counted")],
            },
        ),
        migrations.CreateModel(
            name="Payout",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("key", models.CharField(max_length=200, unique=True)),
                ("body_sha256", models.CharField(max_length=64)),
                ("minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("text", models.CharField(blank=True, max_length=140)),
                ("proposed_at", models.DateTimeField(db_index=True)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="foundation.account",
                    ),
                ),
                (
                    "details",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="payouts", to="foundation.bankdetails"
                    ),
                ),
                (
                    "fund",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="foundation.fund",
                    ),
                ),
                (
                    "payee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="payouts", to="foundation.payee"
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["account", "fund"], name="payout_of_account")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("minor__gt", 0), ("minor__lte", 1000000000000000000)),
                        name="payout_is_an_amount",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PayoutBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ident", models.CharField(max_length=35, unique=True)),
                ("key", models.CharField(max_length=200, unique=True)),
                ("execute_on", models.DateField()),
                ("count", models.PositiveIntegerField()),
                ("total_minor", models.BigIntegerField()),
                ("data", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                (
                    "bank_account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="batches", to="foundation.bankaccount"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PayoutStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "proposed"),
                            ("approved", "approved"),
                            ("reserved", "reserved"),
                            ("submitted", "sent to the bank"),
                            ("unknown", "nothing heard"),
                            ("confirmed", "paid"),
                            ("refused", "refused by the bank"),
                            ("returned", "came back"),
                            ("withdrawn", "withdrawn"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("reason", models.CharField(blank=True, max_length=400)),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="foundation.payoutbatch",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="foundation.bankfile",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="foundation.bankline",
                    ),
                ),
                (
                    "payout",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="foundation.payout"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("payout", "number"), name="steps_are_counted")],
            },
        ),
        migrations.CreateModel(
            name="Period",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField(unique=True)),
                ("ends_on", models.DateField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="period_ends_after_it_starts"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Posting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField()),
                ("minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="foundation.account",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="postings",
                        to="foundation.entry",
                    ),
                ),
                (
                    "fund",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="foundation.fund",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["account", "entry"], name="posting_on_account")],
                "constraints": [
                    models.UniqueConstraint(fields=("entry", "position"), name="postings_are_counted"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("minor", 0), _negated=True),
                            ("minor__gte", -1000000000000000000),
                            ("minor__lte", 1000000000000000000),
                        ),
                        name="posting_is_an_amount",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(help_text="counts from 1 in its series")),
                ("minor", models.BigIntegerField()),
                ("given_on", models.DateField()),
                ("given_until", models.DateField(blank=True, null=True)),
                ("issued_on", models.DateField()),
                ("said", models.JSONField()),
                ("cancelled_on", models.DateField(blank=True, null=True)),
                ("cancelled_because", models.CharField(blank=True, max_length=200)),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="foundation.receipt",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("minor__gt", 0)), name="receipt_is_an_amount")
                ],
            },
        ),
        migrations.CreateModel(
            name="Receipted",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("minor", models.BigIntegerField()),
                (
                    "pay_in",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="receipted", to="foundation.payin"
                    ),
                ),
                (
                    "receipt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="covers", to="foundation.receipt"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("receipt", "pay_in"), name="covered_once")],
            },
        ),
        migrations.CreateModel(
            name="ReceiptSeries",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("body", models.CharField(max_length=200)),
                ("year", models.PositiveSmallIntegerField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("body", "year"), name="one_series_a_year")],
            },
        ),
        migrations.AddField(
            model_name="receipt",
            name="series",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="receipts", to="foundation.receiptseries"
            ),
        ),
        migrations.CreateModel(
            name="Refund",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(unique=True)),
                ("object_id", models.CharField(blank=True, max_length=100)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "Proposed"),
                            ("submitted", "Under way"),
                            ("succeeded", "Given back"),
                            ("failed", "Failed"),
                        ],
                        max_length=9,
                    ),
                ),
                ("minor", models.BigIntegerField()),
                ("lost_minor", models.BigIntegerField(default=0)),
                ("reason", models.CharField(blank=True, max_length=400)),
                ("proposed_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                (
                    "problem",
                    models.CharField(blank=True, help_text="what the provider said the last time", max_length=300),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pay_in",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="refunds", to="foundation.payin"
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("minor__gt", 0)), name="refund_is_an_amount"),
                    models.UniqueConstraint(
                        condition=models.Q(("object_id", ""), _negated=True),
                        fields=("pay_in", "object_id"),
                        name="one_refund_an_object",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reservation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=200, unique=True)),
                ("currency", models.CharField(max_length=3)),
                ("minor", models.BigIntegerField()),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "fund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="foundation.fund"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("minor__gt", 0)), name="reservation_is_positive")
                ],
            },
        ),
        migrations.CreateModel(
            name="BallotDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("said", models.JSONField(default=dict)),
                (
                    "voter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="draft", to="foundation.rollvoter"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("token", models.UUIDField(help_text="of the request that made it", unique=True)),
                ("slug", models.SlugField(max_length=60, unique=True)),
                ("title", models.JSONField(default=dict, help_text="by language")),
                ("description", models.JSONField(blank=True, default=dict, help_text="by language")),
                ("currency", models.CharField(max_length=3)),
                ("pot_minor", models.BigIntegerField()),
                ("rule", models.CharField(max_length=20)),
                ("parameters", models.JSONField(blank=True, default=dict)),
                ("format", models.CharField(max_length=10)),
                ("most", models.PositiveIntegerField()),
                ("points", models.BigIntegerField(default=0)),
                ("within_pot", models.BooleanField(default=False)),
                ("is_secret", models.BooleanField(default=True)),
                ("ppm", models.PositiveIntegerField(default=0, help_text="that flows on to what a commons depends on")),
                ("opens_at", models.DateTimeField()),
                ("closes_at", models.DateTimeField()),
                ("expires_on", models.DateField(help_text="until when unclaimed shares wait")),
                (
                    "destination",
                    models.CharField(help_text='then they go to "fund", or to "commons:<id>"', max_length=80),
                ),
                (
                    "roll_kind",
                    models.CharField(
                        choices=[
                            (
                                "citizens",
                                "Everybody with an account and a confirmed e-mail address when the round opens",
                            ),
                            ("invited", "People of a list, by their e-mail addresses"),
                        ],
                        max_length=10,
                    ),
                ),
                ("colleges", models.JSONField(default=list, help_text="[name, weight]; empty: one for everybody")),
                ("eligible", models.CharField(blank=True, help_text="a query of the register's list", max_length=1000)),
                (
                    "costs",
                    models.JSONField(blank=True, default=dict, help_text="what commons ask for, in minor units by id"),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "being prepared"),
                            ("proposed", "waiting for two of the board"),
                            ("opened", "open"),
                            ("closed", "closed, being counted"),
                            ("posted", "decided, in the books"),
                            ("published", "decided and published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                (
                    "graph",
                    models.JSONField(
                        blank=True, default=list, help_text="[from, to, weight], as it was at the opening"
                    ),
                ),
                ("seed_commitment", models.CharField(blank=True, max_length=64)),
                ("roll_sha256", models.CharField(blank=True, max_length=64)),
                ("opening_sha256", models.CharField(blank=True, max_length=64)),
                ("voters", models.PositiveIntegerField(default=0, help_text="on the roll")),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "fund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rounds", to="foundation.fund"
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["state", "closes_at"], name="round_by_state")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pot_minor__gt", 0)), name="pot_is_an_amount"),
                    models.CheckConstraint(
                        condition=models.Q(("closes_at__gt", models.F("opens_at"))), name="round_opens_before_it_closes"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="rollvoter",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="roll", to="foundation.round"
            ),
        ),
        migrations.CreateModel(
            name="Ballot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("names", models.JSONField(default=list)),
                ("points", models.JSONField(default=list)),
                (
                    "voter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ballot", to="foundation.rollvoter"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ballots", to="foundation.round"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RoundTyped",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("said", models.JSONField(default=dict, help_text="texts by field, right or wrong")),
                ("typed_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        blank=True,
                        help_text="empty: of a new one",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="foundation.round",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person", "round"), name="typed_once_a_round"),
                    models.UniqueConstraint(
                        condition=models.Q(("round__isnull", True)), fields=("person",), name="typed_once_a_new_round"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RoundApproval",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="approvals", to="foundation.round"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("round", "person"), name="one_approval_a_person")],
            },
        ),
        migrations.CreateModel(
            name="RoundFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                ("sha256", models.CharField(max_length=64)),
                ("data", models.BinaryField()),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="foundation.round"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("round", "name"), name="one_file_a_name")],
            },
        ),
        migrations.CreateModel(
            name="RoundInvitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254)),
                ("college", models.CharField(blank=True, max_length=100)),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="invitations", to="foundation.round"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("round", "email"), name="invited_once")],
            },
        ),
        migrations.CreateModel(
            name="RoundOption",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("commons", models.CharField(help_text="public id", max_length=80)),
                ("name", models.CharField(max_length=300)),
                ("cost_minor", models.BigIntegerField(default=0)),
                ("kind", models.CharField(blank=True, max_length=40)),
                ("search_text", models.TextField(blank=True)),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="options", to="foundation.round"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("round", "commons"), name="one_option_a_commons")],
            },
        ),
        migrations.CreateModel(
            name="RoundResult",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ballots", models.PositiveIntegerField()),
                ("paid_minor", models.BigIntegerField()),
                ("unclaimed_minor", models.BigIntegerField()),
                ("carried_minor", models.BigIntegerField()),
                ("made_at", models.DateTimeField()),
                (
                    "entry",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="foundation.entry",
                    ),
                ),
                (
                    "round",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="result", to="foundation.round"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RoundSecret",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("secret", models.BinaryField(max_length=32)),
                ("seed", models.CharField(max_length=64)),
                (
                    "round",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="kept_secret", to="foundation.round"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Settlement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("provider", models.CharField(max_length=20)),
                ("object_id", models.CharField(max_length=100)),
                ("currency", models.CharField(max_length=3)),
                ("heard_at", models.DateTimeField()),
                (
                    "minor",
                    models.BigIntegerField(blank=True, help_text="what arrives at the bank, once posted", null=True),
                ),
                ("posted_at", models.DateTimeField(blank=True, null=True)),
                ("problem", models.CharField(blank=True, max_length=300)),
                (
                    "line",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="settlement",
                        to="foundation.bankline",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("provider", "object_id"), name="one_settlement_an_object")
                ],
            },
        ),
        migrations.CreateModel(
            name="SettledPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("gross", models.BigIntegerField()),
                ("fee", models.BigIntegerField()),
                (
                    "pay_in",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="settled_parts",
                        to="foundation.payin",
                    ),
                ),
                (
                    "settlement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="parts", to="foundation.settlement"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("settlement", "number"), name="settled_parts_are_counted")
                ],
            },
        ),
        migrations.CreateModel(
            name="SharingRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("commons", models.CharField(help_text="public id", max_length=80)),
                ("accepted_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)), fields=("commons",), name="one_sharing_rule"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Stop",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Asked for"),
                            ("stopped", "Takes no more"),
                            ("nothing", "Nothing was paid"),
                            ("refused", "Refused"),
                        ],
                        max_length=7,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("told_at", models.DateTimeField(blank=True, null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("next_at", models.DateTimeField()),
                (
                    "problem",
                    models.CharField(blank=True, help_text="what the provider said the last time", max_length=300),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "gift",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="stop", to="foundation.gift"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "asked"), ("told_at", None)),
                            models.Q(models.Q(("state", "asked"), _negated=True), ("told_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="stop_is_told_or_asked",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Tranche",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("due_on", models.DateField()),
                ("minor", models.BigIntegerField()),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tranches", to="foundation.agreement"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("agreement", "number"), name="tranches_are_counted"),
                    models.CheckConstraint(
                        condition=models.Q(("minor__gt", 0), ("minor__lte", 1000000000000000)),
                        name="tranche_is_an_amount",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Veil",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("secret", models.BinaryField(max_length=32)),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="veil", to="foundation.entry"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Verification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("made_at", models.DateTimeField()),
                ("entries", models.BigIntegerField()),
                ("number", models.PositiveIntegerField(default=0, help_text="of problems, all of them")),
                ("problems", models.JSONField(default=list)),
            ],
            options={
                "indexes": [models.Index(fields=["-made_at"], name="verification_by_time")],
            },
        ),
        migrations.CreateModel(
            name="Appointment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "office",
                    models.CharField(
                        choices=[("treasurer", "Treasurer"), ("board", "Member of the board"), ("auditor", "Auditor")],
                        max_length=12,
                    ),
                ),
                (
                    "college",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("states", "States"),
                            ("commission", "European Commission"),
                            ("communities", "Communities"),
                        ],
                        max_length=12,
                    ),
                ),
                ("appointed_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "last_day",
                    models.DateField(
                        blank=True, help_text="in force to its end (UTC); empty: until somebody ends it", null=True
                    ),
                ),
                (
                    "warned_at",
                    models.DateTimeField(blank=True, help_text="when letters said that it ends soon", null=True),
                ),
                (
                    "given_because",
                    models.CharField(blank=True, help_text="why the operator of the site gave it", max_length=400),
                ),
                (
                    "appointed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("confirmed_at", None), ("ended_at", None)),
                        fields=("person", "office"),
                        name="one_proposal_an_office",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("confirmed_at__isnull", False), ("ended_at", None), ("last_day", None)),
                        fields=("person", "office"),
                        name="one_office_without_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by", None),
                            models.Q(
                                models.Q(("confirmed_by", models.F("appointed_by")), _negated=True),
                                models.Q(("confirmed_by", models.F("person")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="another_person_confirms",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.UniqueConstraint(fields=("series", "number"), name="one_receipt_a_number"),
        ),
        migrations.AddConstraint(
            model_name="rollvoter",
            constraint=models.UniqueConstraint(fields=("round", "pseudonym"), name="on_the_roll_once"),
        ),
        migrations.CreateModel(
            name="Checked",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sequence", models.BigIntegerField(default=0)),
                ("balances", models.JSONField(default=list, help_text="account, fund, minor units")),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Payer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.CharField(blank=True, max_length=254)),
                ("name", models.CharField(blank=True, max_length=200)),
                (
                    "pay_in",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="payer", to="foundation.payin"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DetailsSetAside",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=400)),
                ("at", models.DateTimeField()),
                (
                    "details",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="set_aside",
                        to="foundation.bankdetails",
                    ),
                ),
                (
                    "payout",
                    models.ForeignKey(
                        help_text="of which the bank said so",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="foundation.payout",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="payee",
            name="line",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="payees",
                to="foundation.bankline",
            ),
        ),
        migrations.AddField(
            model_name="payee",
            name="refund",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="payees",
                to="foundation.refund",
            ),
        ),
    ]
