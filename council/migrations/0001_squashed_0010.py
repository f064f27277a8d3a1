"""Everything council keeps, as of 0010_sheets_by_their_cost: stands for the migrations it names."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('council', '0001_initial'), ('council', '0002_approval_question_alter_decision_kind_and_more'), ('council', '0003_method_and_clocks'), ('council', '0004_tally'), ('council', '0005_orders_and_undo'), ('council', '0006_mandate_and_wall'), ('council', '0007_let_go'), ('council', '0008_exports'), ('council', '0009_sheets'), ('council', '0010_sheets_by_their_cost')]

    initial = True

    dependencies = [
        ('accounts', '0003_signature'),
        ('accounts', '__first__'),
        ('cases', '0001_squashed_0016'),
    ]

    operations = [
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('approve_gesture', 'Approve the gesture'), ('change_gesture', 'Change the gesture'), ('decline_gesture', 'Decline the gesture'), ('reassign', 'Reassign'), ('name_sponsor', 'Name a sponsor'), ('resources', 'Grant resources'), ('order_action', 'Order an action'), ('order_change', 'Order a change'), ('accept_silence', 'Accept the silence'), ('grant_waiver', 'Grant the waiver'), ('refuse_waiver', 'Refuse the waiver'), ('not_agreed', 'Send a final answer'), ('keep', 'Keep the customer'), ('let_go', 'Let the customer go'), ('back_owner', 'Back the owner'), ('send_back', 'Send back with a question')], max_length=16)),
                ('due_at', models.DateTimeField(blank=True, null=True)),
                ('taken_at', models.DateTimeField()),
                ('undone_at', models.DateTimeField(blank=True, null=True, verbose_name='taken back')),
                ('action', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cases.action')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='cases.case')),
                ('escalation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='cases.escalation')),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('words', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.words')),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(models.Q(('kind', 'send_back'), _negated=True), ('undone_at', None)), fields=('escalation',), name='decided_once')],
            },
        ),
        migrations.CreateModel(
            name='Export',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=60)),
                ('query', models.TextField(blank=True)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('writing', 'Being written'), ('ready', 'Ready'), ('failed', 'Could not be written')], default='waiting', max_length=8)),
                ('count', models.PositiveIntegerField(default=0)),
                ('done', models.PositiveIntegerField(default=0)),
                ('asked_at', models.DateTimeField()),
                ('begun_at', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('error', models.TextField(blank=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(condition=models.Q(('state__in', ['waiting', 'writing'])), fields=['id'], name='export_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', False), ('state__in', ['ready', 'failed'])), models.Q(('finished_at__isnull', True), ('state__in', ['waiting', 'writing'])), _connector='OR'), name='export_finished_has_its_moment')],
            },
        ),
        migrations.CreateModel(
            name='LetGoForm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('too_needy', 'Asks for more than we can give'), ('unreliable', 'Does not keep what was agreed'), ('poor_match', 'We are not the right supplier for them'), ('drain', 'Costs more strength than it gives')], max_length=12)),
                ('drain_hours', models.PositiveIntegerField(verbose_name='hours a year')),
                ('drain_cash', models.BigIntegerField(verbose_name='cash a year')),
                ('contribution', models.BigIntegerField(verbose_name='contribution a year')),
                ('currency', models.CharField(max_length=3)),
                ('ends_on', models.DateField()),
                ('filed_at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='let_go_forms', to='cases.case')),
                ('drain_morale', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.words')),
                ('filed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('letter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.words')),
                ('words', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.words')),
            ],
        ),
        migrations.CreateModel(
            name='Ballot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opened_at', models.DateTimeField()),
                ('closes_at', models.DateTimeField()),
                ('unanimous', models.BooleanField(default=False, help_text='a legal matter that skips the trials')),
                ('state', models.CharField(choices=[('open', 'Voting'), ('let_go', 'Let go'), ('kept', 'Kept'), ('overtaken', 'Overtaken')], default='open', max_length=9)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('escalation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ballots', to='cases.escalation')),
                ('form', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='ballot', to='council.letgoform')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'open')), fields=['closes_at'], name='ballot_open')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('escalation',), name='one_open_ballot')],
            },
        ),
        migrations.CreateModel(
            name='Mandate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(unique=True)),
                ('made_at', models.DateTimeField()),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('words', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.words')),
            ],
            options={
                'ordering': ['-number'],
            },
        ),
        migrations.CreateModel(
            name='OtherCase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ends', models.BooleanField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.case')),
                ('form', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='others', to='council.letgoform')),
            ],
            options={
                'ordering': ['case'],
                'constraints': [models.UniqueConstraint(fields=('form', 'case'), name='other_case_once_a_form')],
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField()),
                ('until_at', models.DateTimeField(blank=True, null=True)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('answer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.words')),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decision', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='question', to='council.decision')),
                ('escalation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='cases.escalation')),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('until_at__isnull', False)), fields=('escalation',), name='clock_paused_once'), models.UniqueConstraint(condition=models.Q(('answered_at', None)), fields=('escalation',), name='one_open_question'), models.CheckConstraint(condition=models.Q(models.Q(('answer__isnull', True), ('answered_at__isnull', True)), models.Q(('answer__isnull', False), ('answered_at__isnull', False)), _connector='OR'), name='answer_has_its_moment')],
            },
        ),
        migrations.CreateModel(
            name='Seat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ballot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seats', to='council.ballot')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('ballot', 'user'), name='one_seat_a_member')],
            },
        ),
        migrations.CreateModel(
            name='Seen',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.PositiveSmallIntegerField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seen', to='cases.case')),
                ('words', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.words')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('case', 'round'), name='seen_once_a_round')],
            },
        ),
        migrations.CreateModel(
            name='Sheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40)),
                ('audience', models.CharField(max_length=4)),
                ('first', models.DateField()),
                ('at', models.DateTimeField()),
                ('took_ms', models.PositiveIntegerField(default=0, help_text='a costly sheet is made less often, and kept longer')),
                ('body', models.JSONField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('name', 'audience'), name='sheet_once_an_audience')],
            },
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('round', models.PositiveSmallIntegerField()),
                ('is_last', models.BooleanField()),
                ('tier', models.CharField(choices=[('key', 'Key account'), ('standard', 'Standard'), ('small', 'Small account')], max_length=10)),
                ('severity', models.CharField(choices=[('low', 'Low'), ('normal', 'Normal'), ('high', 'High'), ('critical', 'Critical')], max_length=10)),
                ('channel', models.CharField(choices=[('phone', 'Phone'), ('email', 'E-mail'), ('web', 'Web form'), ('meeting', 'Meeting'), ('letter', 'Letter'), ('social', 'Social media'), ('found', 'We found it')], max_length=10)),
                ('confidential', models.BooleanField()),
                ('historical', models.BooleanField()),
                ('state', models.CharField(max_length=10)),
                ('outcome', models.CharField(blank=True, choices=[('recovered', 'Recovered'), ('accepted_silently', 'Accepted silently'), ('let_go', 'Let go'), ('customer_lost', 'Customer lost'), ('not_agreed', 'Not agreed'), ('withdrawn', 'Withdrawn'), ('merged', 'Merged into another case'), ('closed_elsewhere', 'Closed before Goldseam')], max_length=20)),
                ('began_at', models.DateTimeField(help_text='received, or opened again')),
                ('logged_after', models.BigIntegerField(help_text='seconds from receipt to the log; first rounds only, else 0')),
                ('resolved_at', models.DateTimeField(null=True)),
                ('silent', models.BooleanField(help_text='resolved by a silence the council accepted')),
                ('closed_at', models.DateTimeField(null=True)),
                ('told_at', models.DateTimeField(null=True)),
                ('told_by', models.DateTimeField(null=True)),
                ('told_end', models.DateTimeField(null=True)),
                ('told_missed', models.BooleanField(default=False)),
                ('told_wall', models.BigIntegerField(null=True)),
                ('told_work', models.BigIntegerField(null=True)),
                ('safe_at', models.DateTimeField(null=True)),
                ('safe_by', models.DateTimeField(null=True)),
                ('safe_end', models.DateTimeField(null=True)),
                ('safe_missed', models.BooleanField(default=False)),
                ('safe_wall', models.BigIntegerField(null=True)),
                ('safe_work', models.BigIntegerField(null=True)),
                ('right_at', models.DateTimeField(null=True)),
                ('right_by', models.DateTimeField(null=True)),
                ('right_end', models.DateTimeField(null=True)),
                ('right_missed', models.BooleanField(default=False)),
                ('right_wall', models.BigIntegerField(null=True)),
                ('right_work', models.BigIntegerField(null=True)),
                ('paused', models.PositiveSmallIntegerField(help_text='how often our clock stood')),
                ('asked_at', models.DateTimeField(help_text='when the survey was delivered', null=True)),
                ('answered_at', models.DateTimeField(help_text='the last part given; held answers left out', null=True)),
                ('satisfied', models.PositiveSmallIntegerField(null=True)),
                ('heard', models.PositiveSmallIntegerField(null=True)),
                ('easy', models.PositiveSmallIntegerField(null=True)),
                ('recommend', models.PositiveSmallIntegerField(null=True)),
                ('trust', models.PositiveSmallIntegerField(help_text='the last mark of trust', null=True)),
                ('trusted_at', models.DateTimeField(null=True)),
                ('stake_low', models.BigIntegerField(help_text='minor units of the home currency, on the day it opened')),
                ('stake', models.BigIntegerField()),
                ('stake_high', models.BigIntegerField()),
                ('year_on', models.DateField(help_text='a year after their yes; of recovered cases only', null=True)),
                ('about', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tallies', to='cases.case')),
                ('category', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cases.category')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.customer')),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.team')),
            ],
            options={
                'verbose_name_plural': 'tallies',
                'indexes': [models.Index(fields=['began_at'], name='tally_began'), models.Index(fields=['resolved_at'], name='tally_resolved'), models.Index(fields=['closed_at'], name='tally_closed'), models.Index(fields=['asked_at'], name='tally_asked'), models.Index(fields=['answered_at'], name='tally_answered'), models.Index(fields=['trusted_at'], name='tally_trusted'), models.Index(fields=['year_on'], name='tally_year'), models.Index(condition=models.Q(('is_last', True), ('state', 'open')), fields=['customer'], name='tally_open')],
                'constraints': [models.UniqueConstraint(fields=('case', 'round'), name='tallied_once_a_round')],
            },
        ),
        migrations.CreateModel(
            name='Undo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('until_at', models.DateTimeField()),
                ('seq', models.PositiveIntegerField(help_text='the last event of the decision')),
                ('before', models.JSONField()),
                ('letters', models.JSONField(default=list)),
                ('decision', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='undo', to='council.decision')),
            ],
        ),
        migrations.CreateModel(
            name='Vote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('choice', models.CharField(choices=[('let_go', 'Let go'), ('keep', 'Keep'), ('abstain', 'Abstain')], max_length=7)),
                ('at', models.DateTimeField()),
                ('ballot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='votes', to='council.ballot')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('words', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.words')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('ballot', 'user'), name='one_vote_a_member')],
            },
        ),
        migrations.CreateModel(
            name='Wall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.CharField(max_length=120, verbose_name='where it hangs')),
                ('made_at', models.DateTimeField()),
                ('link', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.pass')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cost', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('escalation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='approvals', to='cases.escalation')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('words', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.words')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('escalation', 'user'), name='approved_once_a_member')],
            },
        ),
    ]
