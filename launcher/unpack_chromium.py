"""Run by the Python in `.venv` (it needs brotli): unpack_chromium.py SOURCE TARGET."""

import io
import sys
import tarfile
from pathlib import Path

import brotli

from launcher.extracting import extract_inside

ARCHIVES = ("al2023", "swiftshader")
CHUNK = 1 << 20


def unpack_program(source: Path, target: Path) -> None:
    """Piece by piece: the program is some 200 MB."""
    decompressor = brotli.Decompressor()
    with source.open("rb") as packed, target.open("wb") as program:
        while piece := packed.read(CHUNK):
            program.write(decompressor.process(piece))
    target.chmod(0o755)


def unpack_archive(source: Path, target: Path) -> None:
    with tarfile.open(fileobj=io.BytesIO(brotli.decompress(source.read_bytes()))) as archive:
        extract_inside(archive, target)


def main(source: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for name in ARCHIVES:
        unpack_archive(source / f"{name}.tar.br", target / name)
    unpack_program(source / "chromium.br", target / "chromium")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
