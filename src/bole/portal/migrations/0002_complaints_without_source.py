from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_initial")]

    operations = [
        migrations.RemoveIndex(model_name="complaint", name="portal_complaint_counted"),
        migrations.RemoveField(model_name="complaint", name="source_index"),
    ]
