from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("vault", "0002_operators_unlink_accounts"),
    ]

    operations = [
        migrations.AddField(
            model_name="pendinglink",
            name="replaces",
            field=models.CharField(blank=True, db_default="", default="", max_length=150),
        ),
        migrations.AddField(
            model_name="pendinglink",
            name="confirmation",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
    ]
