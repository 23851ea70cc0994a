"""What a push service wants to get: a message only one browser can read (RFC 8291) from a known sender (RFC 8292).

Pure: no rows, no network. Keys are raw bytes in base64url without padding, as browsers give them.
"""

import base64
import json
import os
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
RECORD = 4096  # the one record size every push service takes
MOST = RECORD - 17 - 86  # bytes of a message, without padding mark, tag and header


class KeyFormatError(ValueError):
    """A key that is no key of this curve, or of another length."""


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """Raises KeyFormatError for what is no base64url."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise KeyFormatError(text[:20]) from error


def private_key(text: str) -> ec.EllipticCurvePrivateKey:
    """The sender's key from its 32 bytes in base64url."""
    raw = decoded(text)
    if len(raw) != 32:
        raise KeyFormatError("A private key has 32 bytes.")
    try:
        return ec.derive_private_key(int.from_bytes(raw), CURVE)
    except ValueError as error:
        raise KeyFormatError("No private key of P-256.") from error


def new_private_key() -> str:
    key = ec.generate_private_key(CURVE)
    return encoded(key.private_numbers().private_value.to_bytes(32))


def public_text(key: ec.EllipticCurvePrivateKey) -> str:
    """The public key that browsers subscribe with (``applicationServerKey``)."""
    return encoded(_point(key.public_key()))


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def receiver_key(p256dh: str) -> ec.EllipticCurvePublicKey:
    """The public key of a browser; KeyFormatError when it is none."""
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, decoded(p256dh))
    except (ValueError, InvalidKey) as error:
        raise KeyFormatError("No public key of P-256.") from error


def receiver_secret(auth: str) -> bytes:
    """The 16 bytes that browser and sender share; KeyFormatError for another length."""
    secret = decoded(auth)
    if len(secret) != 16:
        raise KeyFormatError("The secret has 16 bytes.")
    return secret


def encrypt(
    message: bytes,
    *,
    p256dh: str,
    auth: str,
    salt: bytes | None = None,
    ephemeral: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """The body of a push in content coding ``aes128gcm``, RFC 8291 section 3.4 and RFC 8188 section 2.

    ``salt`` and ``ephemeral`` are made anew for each message; only the test with the RFC's example gives them.
    """
    if len(message) > MOST:
        raise ValueError(f"A push holds {MOST} bytes at most.")
    theirs, secret = receiver_key(p256dh), receiver_secret(auth)
    salt, ours = salt or os.urandom(16), ephemeral or ec.generate_private_key(CURVE)
    point = _point(ours.public_key())
    info = b"WebPush: info\x00" + _point(theirs) + point
    material = _derive(ours.exchange(ec.ECDH(), theirs), salt=secret, info=info, length=32)
    key = _derive(material, salt=salt, info=b"Content-Encoding: aes128gcm\x00", length=16)
    nonce = _derive(material, salt=salt, info=b"Content-Encoding: nonce\x00", length=12)
    header = salt + RECORD.to_bytes(4) + len(point).to_bytes(1) + point
    return header + AESGCM(key).encrypt(nonce, message + b"\x02", None)


def _derive(material: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(material)


def authorization(*, endpoint: str, key: ec.EllipticCurvePrivateKey, contact: str, expires: int) -> str:
    """The header that says who sends, for the push service of ``endpoint``. ``expires`` in Unix seconds, within a day."""
    parts = urlsplit(endpoint)
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": expires, "sub": contact}
    signed = ".".join(encoded(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "ES256"}, claims))
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    return f"vapid t={signed}.{encoded(r.to_bytes(32) + s.to_bytes(32))}, k={public_text(key)}"
