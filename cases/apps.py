"""The case and its nine steps."""

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate


class CasesConfig(AppConfig):
    """The case and its nine steps."""

    name = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have what no migration can hold for good looked after around every `migrate`."""
        pre_migrate.connect(_loosen, sender=self, dispatch_uid="cases.loosen")
        post_migrate.connect(_restore, sender=self, dispatch_uid="cases.restore")


def _loosen(*, using: str, plan, **_) -> None:
    from cases import seal

    if plan:
        seal.loosen(connections[using])


def _restore(*, using: str, **_) -> None:
    """Put back what a rebuild of a table on SQLite drops: first number, triggers, full text."""
    from cases import numbering, seal, search

    connection = connections[using]
    if "cases_chain" not in connection.introspection.table_names():
        return
    numbering.start(connection)
    seal.install(connection)
    search.install(connection)
