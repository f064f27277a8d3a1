"""How the API describes itself: every address with what it may answer when something is not taken."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework.permissions import SAFE_METHODS

from accounts.api.answers import Problem

ALWAYS = ("401", "403", "404", "429")
WRITING = ("400", "422")


class Described(AutoSchema):
    """The description of one address and method."""

    def _get_response_bodies(self, direction: str = "response") -> dict[str, Any]:
        """Add to what the address answers what any address may answer."""
        found = super()._get_response_bodies(direction)
        for code in ALWAYS if self.method in SAFE_METHODS else (*ALWAYS, *WRITING):
            found.setdefault(code, self._get_response_for_code(Problem, code))
        return found


class BearerDescribed(OpenApiAuthenticationExtension):
    """How to come in."""

    target_class = "accounts.api.asking.Bearer"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        """Return it as OpenAPI writes it."""
        return {"type": "http", "scheme": "bearer", "description": "A personal token, made under Your settings."}
