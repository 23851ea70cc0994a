"""Small files for tests: a video without pictures, a document, captions."""

import struct

from django.core.files.uploadedfile import SimpleUploadedFile

CAPTIONS = b"WEBVTT\n\n00:00.000 --> 00:02.000\nHello.\n"
PDF = b"%PDF-1.7\n%%EOF\n"


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content) + 8, kind) + content


def mp4(seconds: float = 100) -> bytes:
    """The boxes by which a player knows an MP4 and its length."""
    header = b"\0\0\0\0" + struct.pack(">IIII", 0, 0, 1000, int(seconds * 1000)) + b"\0" * 80
    return (
        box(b"ftyp", b"isom\0\0\0\0") + box(b"free", b"") + box(b"moov", box(b"mvhd", header)) + box(b"mdat", b"x" * 64)
    )


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)
