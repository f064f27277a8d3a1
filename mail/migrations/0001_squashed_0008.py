"""Everything mail keeps, as of 0008_written_on_our_page: stands for the migrations it names."""

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('mail', '0001_initial'), ('mail', '0002_message_message_dead'), ('mail', '0003_copies_and_enclosures'), ('mail', '0004_inbound'), ('mail', '0005_blob_erased_at'), ('mail', '0006_mailbox_takes_old'), ('mail', '0007_suppression'), ('mail', '0008_written_on_our_page')]

    initial = True

    dependencies = [
        ('accounts', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Blob',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('size', models.PositiveBigIntegerField(help_text='bytes')),
                ('content_type', models.CharField(max_length=100)),
                ('stored_at', models.DateTimeField()),
                ('erased_at', models.DateTimeField(blank=True, help_text='the bytes were taken away on request', null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Suppression',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('since', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Thread',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(help_text='given by the app that owns the conversation', max_length=80, unique=True)),
                ('reply_token', models.CharField(max_length=40, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name='Mailbox',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('host', models.CharField(max_length=253, verbose_name='server')),
                ('port', models.PositiveIntegerField(default=993)),
                ('safety', models.CharField(choices=[('tls', 'TLS from the start (port 993)'), ('starttls', 'STARTTLS (port 143)'), ('none', 'Not encrypted, for a server on this machine')], default='tls', max_length=10, verbose_name='connection')),
                ('username', models.CharField(max_length=254, verbose_name='user name')),
                ('secret', models.TextField(blank=True, editable=False, help_text='the password, encrypted')),
                ('folder', models.CharField(default='INBOX', max_length=120)),
                ('takes_old', models.BooleanField(default=False, verbose_name='takes in what lies there already')),
                ('is_active', models.BooleanField(default=True, verbose_name='is read every minute')),
                ('uidvalidity', models.BigIntegerField(default=0)),
                ('last_uid', models.BigIntegerField(default=0)),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('error', models.TextField(blank=True)),
                ('failing_since', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name_plural': 'mailboxes',
                'ordering': ['name', 'id'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('host'), models.F('username'), models.F('folder'), name='mailbox_once')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=120, unique=True)),
                ('message_id', models.CharField(max_length=200, unique=True)),
                ('template', models.CharField(max_length=80)),
                ('language', models.CharField(default='en', max_length=8)),
                ('facts', models.JSONField(default=dict)),
                ('subject', models.CharField(blank=True, max_length=300)),
                ('text', models.TextField(blank=True)),
                ('html', models.TextField(blank=True)),
                ('reply_to', models.CharField(blank=True, max_length=254)),
                ('state', models.CharField(choices=[('queued', 'waiting to leave'), ('sending', 'leaving now'), ('sent', 'sent'), ('dead', 'could not be sent'), ('withheld', 'called back before it left')], default='queued', max_length=10)),
                ('queued_at', models.DateTimeField()),
                ('send_at', models.DateTimeField()),
                ('claim', models.CharField(blank=True, max_length=32)),
                ('claimed_at', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('error', models.TextField(blank=True)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('heeded_at', models.DateTimeField(blank=True, null=True)),
                ('sensitive', models.BooleanField(default=False, help_text='the body is emptied once sent')),
                ('confidential', models.BooleanField(default=False)),
                ('to_staff', models.BooleanField(default=False)),
                ('thread', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='mail.thread')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(condition=models.Q(('state', 'queued')), fields=['send_at'], name='message_ready'), models.Index(condition=models.Q(('state', 'sending')), fields=['claimed_at'], name='message_in_flight'), models.Index(condition=models.Q(('state', 'dead')), fields=['id'], name='message_dead'), models.Index(condition=models.Q(('heeded_at', None), ('state__in', ['sent', 'dead'])), fields=['id'], name='message_unheeded')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('state', 'sent')), models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at__isnull', True)), _connector='OR'), name='message_sent_has_its_moment'), models.CheckConstraint(condition=models.Q(('send_at__gte', models.F('queued_at'))), name='message_leaves_after_it_was_queued')],
            },
        ),
        migrations.CreateModel(
            name='Inbound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(choices=[('command', 'handed in by the mail server'), ('imap', 'read from a mailbox'), ('webhook', 'handed in by the mail provider'), ('form', 'written on our page')], max_length=8)),
                ('uidvalidity', models.BigIntegerField(blank=True, null=True)),
                ('uid', models.BigIntegerField(blank=True, null=True)),
                ('received_at', models.DateTimeField(help_text='when we stored it')),
                ('written_at', models.DateTimeField(blank=True, help_text='what its Date header says', null=True)),
                ('state', models.CharField(choices=[('stored', 'stored, not read yet'), ('read', 'read, not sorted yet'), ('taken', 'taken in'), ('double', 'came before'), ('quarantined', 'could not be read')], default='stored', max_length=12)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('error', models.TextField(blank=True)),
                ('kind', models.CharField(blank=True, max_length=10)),
                ('note', models.CharField(blank=True, max_length=12)),
                ('message_id', models.CharField(blank=True, max_length=255)),
                ('answers', models.JSONField(blank=True, default=list)),
                ('receivers', models.JSONField(blank=True, default=list)),
                ('sender', models.CharField(blank=True, max_length=254)),
                ('sender_name', models.CharField(blank=True, max_length=200)),
                ('subject', models.CharField(blank=True, max_length=300)),
                ('text', models.TextField(blank=True)),
                ('reply', models.TextField(blank=True)),
                ('html', models.TextField(blank=True)),
                ('is_forwarded', models.BooleanField(default=False)),
                ('bounce', models.JSONField(blank=True, default=dict)),
                ('left_out', models.PositiveIntegerField(default=0, help_text='parts beyond the limits')),
                ('raw', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mail.blob')),
                ('mailbox', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='messages', to='mail.mailbox')),
                ('thread', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='inbound', to='mail.thread')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(condition=models.Q(('state', 'stored')), fields=['id'], name='inbound_stored'), models.Index(condition=models.Q(('state', 'read')), fields=['id'], name='inbound_read'), models.Index(condition=models.Q(('message_id', ''), _negated=True), fields=['message_id'], name='inbound_by_message_id'), models.Index(fields=['sender', 'received_at'], name='inbound_by_sender')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('uid__isnull', False)), fields=('mailbox', 'uidvalidity', 'uid'), name='inbound_once_a_uid'), models.CheckConstraint(condition=models.Q(('state__in', ['stored', 'quarantined']), models.Q(('kind', ''), _negated=True), _connector='OR'), name='inbound_read_has_its_kind')],
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField()),
                ('name', models.CharField(max_length=250)),
                ('content_type', models.CharField(max_length=120)),
                ('size', models.PositiveBigIntegerField()),
                ('cid', models.CharField(blank=True, max_length=250)),
                ('is_inline', models.BooleanField(default=False)),
                ('refusal', models.CharField(blank=True, choices=[('kind', 'of a kind we do not take'), ('size', 'larger than 25 MB'), ('empty', 'empty')], max_length=8)),
                ('blob', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mail.blob')),
                ('inbound', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='mail.inbound')),
            ],
            options={
                'ordering': ['inbound', 'place'],
                'constraints': [models.UniqueConstraint(fields=('inbound', 'place'), name='attachment_once'), models.CheckConstraint(condition=models.Q(models.Q(('blob__isnull', False), ('refusal', '')), models.Q(('blob__isnull', True), models.Q(('refusal', ''), _negated=True)), _connector='OR'), name='attachment_kept_or_refused')],
            },
        ),
        migrations.CreateModel(
            name='Enclosure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('blob', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mail.blob')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='enclosures', to='mail.message')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('message', 'blob'), name='enclosed_once_per_letter')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=120)),
                ('kind', models.CharField(max_length=40)),
                ('facts', models.JSONField(default=dict)),
                ('url', models.CharField(blank=True, max_length=200)),
                ('at', models.DateTimeField()),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(condition=models.Q(('read_at', None)), fields=['user'], name='notice_unread')],
                'constraints': [models.UniqueConstraint(fields=('user', 'key'), name='notice_once')],
            },
        ),
        migrations.CreateModel(
            name='Recipient',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.EmailField(max_length=254)),
                ('name', models.CharField(blank=True, max_length=120)),
                ('state', models.CharField(choices=[('pending', 'waiting'), ('accepted', 'accepted by the mail server'), ('refused', 'refused by the mail server'), ('bounced', 'came back')], default='pending', max_length=10)),
                ('error', models.TextField(blank=True)),
                ('is_copy', models.BooleanField(default=False, help_text='reads along: named under Cc, without customer links')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recipients', to='mail.message')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('message', 'address'), name='recipient_once_per_letter')],
            },
        ),
    ]
