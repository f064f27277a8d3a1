"""A real IMAP server, Dovecot, on loopback with one mailbox in a folder of its own."""

import os
import pwd
import shutil
import socket
import subprocess
import time
from email.utils import make_msgid
from pathlib import Path

USER, PASSWORD = "care", "gold-seam"
PLACES = ("/usr/sbin", "/usr/local/sbin", "/usr/bin", "/opt/homebrew/sbin")
CONFIG = """\
base_dir = {run}
state_dir = {run}
log_path = {log}
protocols = imap
listen = 127.0.0.1
ssl = {ssl}
disable_plaintext_auth = no
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {internal}
first_valid_uid = 0
mail_location = maildir:{mail}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}
}}
"""


def find_dovecot() -> str | None:
    """Return where Dovecot is on this machine, or None."""
    return shutil.which("dovecot") or next((f"{at}/dovecot" for at in PLACES if os.path.exists(f"{at}/dovecot")), None)


class MailboxServer:
    """A running server; `put` lays a raw message into the inbox as a mail server would."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.host, self.port = folder, "127.0.0.1", _free_port()
        self.mail = folder / "home" / "Maildir"
        self._process: subprocess.Popen | None = None

    def put(self, raw: bytes) -> None:
        """Lay one message into the inbox."""
        name = make_msgid().strip("<>").replace("/", "")
        fresh = self.mail / "tmp" / name
        fresh.write_bytes(raw)
        self._give(fresh)
        fresh.rename(self.mail / "new" / name)

    def renumber(self) -> None:
        """Let the server count its messages anew, as after a restored backup: another UIDVALIDITY."""
        for kept in self.mail.glob("dovecot*"):
            kept.unlink()
        time.sleep(1.1)  # the number is made of the second it is

    def count(self) -> int:
        """Return how many messages lie there."""
        return sum(len(list((self.mail / part).iterdir())) for part in ("new", "cur"))

    def __enter__(self) -> "MailboxServer":
        for part in ("new", "cur", "tmp"):
            (self.mail / part).mkdir(parents=True)
        for path in (self.folder, *self.folder.rglob("*")):
            self._give(path)
        config = self.folder / "dovecot.conf"
        config.write_text(self._config(), "utf-8")
        self._process = subprocess.Popen([find_dovecot(), "-F", "-c", str(config)])
        self._wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(timeout=10)

    def _config(self) -> str:
        me = pwd.getpwuid(os.geteuid())
        mailer = pwd.getpwnam("nobody") if me.pw_uid == 0 else me
        internal = "dovenull" if me.pw_uid == 0 else me.pw_name
        group = "dovecot" if me.pw_uid == 0 else str(me.pw_gid)
        return CONFIG.format(
            run=self.folder / "run",
            log=self.folder / "dovecot.log",
            ssl="no",
            internal=internal,
            group=group,
            mail=self.mail,
            home=self.folder / "home",
            port=self.port,
            password=PASSWORD,
            uid=mailer.pw_uid,
            gid=mailer.pw_gid,
        )

    def _give(self, path: Path) -> None:
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(path, nobody.pw_uid, nobody.pw_gid)

    def _wait(self) -> None:
        until = time.monotonic() + 15
        while time.monotonic() < until:
            if self._process.poll() is not None:
                break
            with socket.socket() as probe:
                if probe.connect_ex((self.host, self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError(f"Dovecot does not answer: {(self.folder / 'dovecot.log').read_text()[-800:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
