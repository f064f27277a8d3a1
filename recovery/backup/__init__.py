"""A copy of everything while the house runs, and the way back from it (promise R11).

A backup is one tar file: the database as of one moment, every stored file, the key kept in the data folder, and a
list of all of them with their hashes. `making` writes it, `restoring` reads it; `databases` knows both databases.
"""

from recovery.backup.making import make
from recovery.backup.restoring import restore
from recovery.backup.sheet import BackupRefused, Manifest

__all__ = ["BackupRefused", "Manifest", "make", "restore"]
