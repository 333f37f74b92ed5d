from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def forget(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Removes accounts that everyone who used one client shared, because its tokens named no person.

    Their owner, ``client:<id>``, is not a principal: nobody could use them.
    """
    apps.get_model("vault", "Credential").objects.filter(subject__startswith="client:").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("vault", "0003_replacing_an_account_is_confirmed"),
    ]

    operations = [
        migrations.RunPython(forget, migrations.RunPython.noop),
    ]
