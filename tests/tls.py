"""Certificates for tests, by an authority that only the test knows."""

import datetime as dt
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from tests.keys import rsa_key, rsa_pem


class Certified(NamedTuple):
    ca: Path
    certificate: Path
    key: Path


def certified(folder: Path, *names: str) -> Certified:
    """Files in ``folder``: an authority, and a certificate by it for ``names``, with its key (RSA, so that old ciphers fit too)."""
    now = dt.datetime.now(dt.UTC)
    keys = [rsa_key("authority"), rsa_key("server")]
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "An authority of tests")])

    def signed(subject: x509.Name, key: rsa.RSAPrivateKey, *more: tuple[x509.ExtensionType, bool]) -> bytes:
        made = (
            x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=1))
        )  # fmt: skip
        for extension, critical in more:
            made = made.add_extension(extension, critical=critical)
        return made.sign(keys[0], hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    found = Certified(folder / "ca.pem", folder / "certificate.pem", folder / "key.pem")
    found.ca.write_bytes(signed(issuer, keys[0], (x509.BasicConstraints(ca=True, path_length=0), True)))
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    alternatives = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
    found.certificate.write_bytes(signed(subject, keys[1], (alternatives, False)))
    found.key.write_bytes(rsa_pem("server"))
    return found
