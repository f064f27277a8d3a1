"""Everything surveys keeps, as of 0002_questions_past_answers_and_tags: stands for the migrations it names."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('surveys', '0001_initial'), ('surveys', '0002_questions_past_answers_and_tags')]

    initial = True

    dependencies = [
        ('accounts', '0003_signature'),
        ('accounts', '__first__'),
        ('cases', '0001_squashed_0016'),
        ('mail', '0001_squashed_0008'),
    ]

    operations = [
        migrations.CreateModel(
            name='FormVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(unique=True)),
                ('made_at', models.DateTimeField()),
                ('facts', models.JSONField(default=dict)),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-number'],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.PositiveSmallIntegerField()),
                ('state', models.CharField(choices=[('planned', 'Leaves later'), ('sent', 'Waiting for the answer'), ('answered', 'Answered'), ('silent', 'Not answered'), ('not_asked', 'Could not be asked'), ('called_off', 'Called off')], default='planned', max_length=10)),
                ('reason', models.CharField(blank=True, help_text='why it could not be asked, as a short code', max_length=40)),
                ('planned_at', models.DateTimeField()),
                ('next_at', models.DateTimeField(blank=True, null=True)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('closes_at', models.DateTimeField(blank=True, null=True)),
                ('reminders', models.PositiveSmallIntegerField(default=0)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='cases.case')),
                ('contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='cases.contact')),
                ('form', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='surveys.formversion')),
                ('link', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.pass')),
                ('message', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mail.message')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(condition=models.Q(('state__in', ['planned', 'sent'])), fields=['next_at'], name='invitation_due')],
                'constraints': [models.UniqueConstraint(fields=('case', 'round'), name='invitation_once_a_round'), models.CheckConstraint(condition=models.Q(('reminders__lte', 2)), name='two_reminders_at_most')],
            },
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('satisfied', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('heard', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('easy', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('recommend', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('kept_at', models.DateTimeField(help_text='the last part given')),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('verdict', models.CharField(choices=[('pending', 'Not judged yet'), ('fine', 'Fine'), ('look', 'Worth a look'), ('reopen', 'Reopened the case'), ('held', 'Held as unverified')], default='pending', max_length=8)),
                ('judged_at', models.DateTimeField(blank=True, null=True)),
                ('held_why', models.CharField(blank=True, max_length=40)),
                ('words', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.words')),
                ('invitation', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='answer', to='surveys.invitation')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('judged_at', None)), fields=['kept_at'], name='answer_unjudged')],
                'constraints': [models.CheckConstraint(condition=models.Q(('satisfied__isnull', True), ('satisfied__range', (1, 5)), _connector='OR'), name='answer_satisfied_1_to_5'), models.CheckConstraint(condition=models.Q(('heard__isnull', True), ('heard__range', (1, 5)), _connector='OR'), name='answer_heard_1_to_5'), models.CheckConstraint(condition=models.Q(('easy__isnull', True), ('easy__range', (1, 5)), _connector='OR'), name='answer_easy_1_to_5'), models.CheckConstraint(condition=models.Q(('recommend__isnull', True), ('recommend__range', (0, 10)), _connector='OR'), name='answer_recommend_0_to_10')],
            },
        ),
        migrations.CreateModel(
            name='PastAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=40)),
                ('external_ref', models.CharField(max_length=80)),
                ('answered_on', models.DateField(blank=True, null=True)),
                ('customer_ref', models.CharField(blank=True, max_length=200)),
                ('satisfied', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('recommend', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('others', models.JSONField(default=dict)),
                ('customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='past_answers', to='cases.customer')),
                ('words', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.words')),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(fields=('source', 'external_ref'), name='past_answer_once'), models.CheckConstraint(condition=models.Q(('satisfied__isnull', True), ('satisfied__range', (1, 5)), _connector='OR'), name='past_satisfied_1_to_5'), models.CheckConstraint(condition=models.Q(('recommend__isnull', True), ('recommend__range', (0, 10)), _connector='OR'), name='past_recommend_0_to_10')],
            },
        ),
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('marks', models.JSONField(default=dict)),
                ('final', models.BooleanField(default=False)),
                ('answer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='submissions', to='surveys.answer')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='AnswerTag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40)),
                ('at', models.DateTimeField()),
                ('answer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tags', to='surveys.answer')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name'],
                'indexes': [models.Index(fields=['name'], name='answer_tag_name')],
                'constraints': [models.UniqueConstraint(fields=('answer', 'name'), name='answer_tag_once')],
            },
        ),
        migrations.CreateModel(
            name='ExtraAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=12)),
                ('mark', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('answer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='extras', to='surveys.answer')),
                ('words', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.words')),
            ],
            options={
                'ordering': ['key'],
                'constraints': [models.UniqueConstraint(fields=('answer', 'key'), name='extra_answer_once'), models.CheckConstraint(condition=models.Q(('mark__isnull', True), ('mark__range', (1, 5)), _connector='OR'), name='extra_mark_1_to_5')],
            },
        ),
    ]
