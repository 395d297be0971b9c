"""Write the migration that gives a room's tables the row-level security its `policies.py` declares."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db.migrations.loader import MigrationLoader

from common.tenancy.policies import TablePolicy, policies_of

_FILE = '''"""Row-level security of {label}, written by `manage.py make_policies {label}` from its policies.py."""

from django.db import migrations

STATEMENTS = [
{statements}]


class Migration(migrations.Migration):
    dependencies = [("{label}", "{previous}")]

    operations = [migrations.RunSQL(STATEMENTS, reverse_sql=migrations.RunSQL.noop)]
'''

_DROP_ALL = """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = '{table}' LOOP
    EXECUTE format('DROP POLICY %I ON {table}', policy.policyname);
  END LOOP;
END $$"""


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("label")

    def handle(self, *_args: Any, **options: Any) -> None:
        label = options["label"]
        loader = MigrationLoader(None, ignore_no_migrations=True)
        previous = loader.graph.leaf_nodes(label)[0][1]
        number = int(previous[:4]) + 1
        path = Path(apps.get_app_config(label).path) / "migrations" / f"{number:04d}_policies.py"
        statements = "".join(
            f'    """{statement}""",\n' for policy in policies_of(label) for statement in _statements(policy)
        )
        path.write_text(_FILE.format(label=label, previous=previous, statements=statements), encoding="utf-8")
        self.stdout.write(str(path))


def _statements(policy: TablePolicy) -> list[str]:
    return [_DROP_ALL.format(table=policy.table), *policy.statements()]
