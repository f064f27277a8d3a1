"""A company's own sign-in (OpenID Connect) on loopback: it vouches for whomever the test says."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import time

import jwt

CLIENT, SECRET = "goldseam", "a-secret-between-two-services-of-one-company"


class Company:
    """The service; `claims` is what it says of the person who signs in next. Use as a context manager."""

    def __init__(self) -> None:
        self.claims: dict[str, object] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> "Company":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def providers(self) -> dict:
        """Return the setting that points Goldseam here."""
        app = {"provider_id": "company", "name": "Alder ID", "client_id": CLIENT, "secret": SECRET}
        return {"openid_connect": {"APPS": [{**app, "settings": {"server_url": self.url}}], "OAUTH_PKCE_ENABLED": True}}

    def pages(self) -> dict[str, object]:
        """Return what each address of the service answers."""
        token = {**self.claims, "iss": self.url, "aud": CLIENT, "iat": int(time()), "exp": int(time()) + 300}
        return {
            "/.well-known/openid-configuration": {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "userinfo_endpoint": f"{self.url}/userinfo",
                "jwks_uri": f"{self.url}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            },
            "/token": {
                "access_token": "one-visit",
                "token_type": "Bearer",
                "id_token": jwt.encode(token, SECRET, algorithm="HS256"),
            },
            "/userinfo": self.claims,
        }

    def _handler(company) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = json.dumps(company.pages()[self.path]).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                self.do_GET()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler
