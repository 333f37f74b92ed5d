from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("vault", "0004_forget_shared_links"),
    ]

    operations = [
        migrations.AddField(
            model_name="credential",
            name="person",
            field=models.CharField(blank=True, db_default="", default="", max_length=150),
        ),
        migrations.AddField(
            model_name="pendinglink",
            name="proved",
            field=models.CharField(blank=True, db_default="", default="", max_length=150),
        ),
    ]
