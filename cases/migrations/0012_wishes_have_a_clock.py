from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0011_letters'),
    ]

    operations = [
        migrations.AlterField(
            model_name='due',
            name='kind',
            field=models.CharField(choices=[('step', 'Step'), ('promise', 'Promise'), ('action', 'Action'), ('decision', 'Council decision'), ('check', 'Effectiveness check'), ('exposure', 'Customer to tell first'), ('silence', 'Silence'), ('unassigned', 'Nobody owns it'), ('reply', 'A word to answer'), ('wish', 'They asked for a person'), ('check_in', 'Check-in'), ('clearance', "Counsel's clearance"), ('ending', 'An end to confirm'), ('waiver', 'A step to leave out or not')], max_length=10),
        ),
    ]
