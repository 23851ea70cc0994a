"""RSA keys for tests, kept beside the servers of tests: making one takes a tenth of a second of a core, and every process
loads the modules that hold them."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa


def rsa_pem(name: str) -> bytes:
    """The private key of that name, as PEM: the same in all processes. Whoever is first makes it."""
    folder = Path(os.environ["GROVE_STATE"], "test-keys")
    path = folder / f"{name}.pem"
    if not path.exists():
        folder.mkdir(exist_ok=True, mode=0o700)
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        with tempfile.NamedTemporaryFile(dir=folder) as made:
            made.write(
                key.private_bytes(
                    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
                )
            )
            made.flush()
            with suppress(FileExistsError):  # another process was quicker
                os.link(made.name, path)
    return path.read_bytes()


def rsa_key(name: str) -> rsa.RSAPrivateKey:
    """As ``rsa_pem``, loaded."""
    key = serialization.load_pem_private_key(rsa_pem(name), password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key
