import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0007_undone_by"),
        ("firms", "0002_comptexpert"),
    ]

    operations = [
        migrations.AddField(
            model_name="importjob",
            name="applied_to",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="importrow",
            name="firm",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="firms.firm"
            ),
        ),
        migrations.AlterField(
            model_name="importrow",
            name="job",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="rows",
                to="clients.importjob",
            ),
        ),
        # Most rows are written twice, by the dry run and by the act: with room left on its page, the second version
        # needs no entry in any index.
        migrations.RunSQL(
            "ALTER TABLE clients_importrow SET (fillfactor = 50)",
            reverse_sql="ALTER TABLE clients_importrow RESET (fillfactor)",
        ),
    ]
