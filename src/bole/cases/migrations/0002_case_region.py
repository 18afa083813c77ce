from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="region",
            field=models.CharField(blank=True, default="", max_length=6),
            preserve_default=False,
        ),
    ]
