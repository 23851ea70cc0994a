"""Copies the few front-end files we take from npm into static/ and records what they are.

    python tools/vendor.py            fetch with npm, write the files and static/vendor/vendor.lock
    python tools/vendor.py --check    compare the files in the checkout with the lock; needs no network

Nobody needs Node to run or change the platform: the copied files are committed. Nothing of a package is
executed: `npm pack` only downloads the archive. The icons that go into the sprite are listed in tools/icons.txt.
The one exception is esbuild, which makes one file of the editor's libraries (tools/tiptap/).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static"
LOCK = STATIC / "vendor" / "vendor.lock"
ICON_LIST = ROOT / "tools" / "icons.txt"
SPRITE = "img/icons.svg"
SOURCE_MAP = re.compile(rb"\n?//# sourceMappingURL=[^\s]+\s*\Z")
# A browser has no table of packages: such a module lies beside the others.
BARE_IMPORT = re.compile(rb"from '@noble/hashes/(\w+)'")
TIPTAP = ROOT / "tools" / "tiptap"
PDF_WEIGHTS = {"Regular": 400, "Bold": 700}


@dataclass(frozen=True)
class Package:
    """One npm package: the files taken from it, as path in the package -> path below static/."""

    name: str
    version: str
    files: dict[str, str]


def _font_package(name: str, short: str) -> Package:
    return Package(
        f"@fontsource-variable/{name}",
        "5.3.0",
        {
            f"files/{name}-latin-wght-normal.woff2": f"fonts/{short}.woff2",
            f"files/{name}-latin-ext-wght-normal.woff2": f"fonts/{short}-ext.woff2",
            "LICENSE": f"fonts/{short}.LICENSE.txt",
        },
    )


FIGTREE = _font_package("figtree", "figtree")
LUCIDE = Package("lucide-static", "1.62.0", {"LICENSE": "vendor/lucide-1.62.0.LICENSE.txt"})
NOBLE = ("sha2", "_md", "_u64", "utils", "crypto")
PACKAGES = (
    Package(
        "htmx.org",
        "4.0.1",
        {"dist/htmx.min.js": "vendor/htmx-4.0.1.min.js", "LICENSE": "vendor/htmx-4.0.1.LICENSE.txt"},
    ),
    # The run-time that SCORM packages talk to; only on the isolated host (docs/decisions/0016-packages-on-another-host.md).
    Package(
        "scorm-again",
        "3.4.3",
        {
            "dist/esm/scorm12.min.js": "vendor/scorm12-3.4.3.min.js",
            "dist/esm/scorm2004.min.js": "vendor/scorm2004-3.4.3.min.js",
            "LICENSE": "vendor/scorm-again-3.4.3.LICENSE.txt",
        },
    ),
    # The sum of a file of any size, piece by piece; browsers themselves take the whole file at once.
    Package(
        "@noble/hashes",
        "1.8.0",
        {
            **{f"esm/{name}.js": f"vendor/noble-hashes-1.8.0/{name}.js" for name in NOBLE},
            "LICENSE": "vendor/noble-hashes-1.8.0/LICENSE.txt",
        },
    ),
    LUCIDE,
    FIGTREE,
    _font_package("nunito", "nunito"),
    _font_package("atkinson-hyperlegible-next", "atkinson"),
)


def fetch(package: Package, folder: Path) -> Path:
    """Download one package with npm and return the unpacked folder."""
    target = folder / re.sub(r"\W+", "-", package.name)
    target.mkdir()
    answer = subprocess.run(
        ["npm", "pack", "--silent", "--ignore-scripts", f"{package.name}@{package.version}"],
        cwd=target,
        check=True,
        capture_output=True,
        text=True,
    )
    with tarfile.open(target / answer.stdout.strip().splitlines()[-1]) as archive:
        for member in archive.getmembers():
            # Only plain files below package/ leave the archive: no links, no way out of the folder.
            if member.isfile() and member.name.startswith("package/") and ".." not in Path(member.name).parts:
                archive.extract(member, target)
    return target / "package"


def icon_names() -> list[str]:
    """The icons we use, from tools/icons.txt."""
    return sorted(set(ICON_LIST.read_text(encoding="utf-8").split()))


def build_sprite(package_folder: Path) -> str:
    """One SVG with a <symbol> for each icon; stroke and size come from the style sheet."""
    symbols = []
    for name in icon_names():
        source = (package_folder / "icons" / f"{name}.svg").read_text(encoding="utf-8")
        match = re.search(r"<svg[^>]*>(.*)</svg>", source, re.DOTALL)
        if match is None:
            raise ValueError(f"Icon {name} is not an SVG file.")
        shapes = "".join(line.strip() for line in match[1].splitlines()).replace(" />", "/>")
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def build_pdf_fonts(package_folder: Path) -> list[str]:
    """Static TTF copies of Figtree for PDF: one per weight, because PDF tools choose files by weight."""
    written = []
    for style, weight in PDF_WEIGHTS.items():
        font = TTFont(package_folder / "files" / "figtree-latin-wght-normal.woff2")
        font = instantiateVariableFont(font, {"wght": weight}, updateFontNames=False)
        font.flavor = None
        font["OS/2"].usWeightClass = weight
        font["OS/2"].fsSelection = 0b100000 if style == "Bold" else 0b1000000
        font["head"].macStyle = int(style == "Bold")
        for record in list(font["name"].names):
            if record.nameID in {16, 17, 21, 22, 25}:
                font["name"].removeNames(nameID=record.nameID)
        font["name"].setName("Figtree", 1, 3, 1, 0x409)
        font["name"].setName(style, 2, 3, 1, 0x409)
        font["name"].setName(f"Figtree {style}", 4, 3, 1, 0x409)
        font["name"].setName(f"Figtree-{style}", 6, 3, 1, 0x409)
        font["head"].modified = font["head"].created  # the same input gives the same bytes
        font.recalcTimestamp = False
        path = f"fonts/pdf/figtree-{style.lower()}.ttf"
        (STATIC / path).parent.mkdir(parents=True, exist_ok=True)
        font.save(STATIC / path)
        written.append(path)
    licence = "fonts/pdf/figtree.LICENSE.txt"
    (STATIC / licence).write_bytes((package_folder / "LICENSE").read_bytes())
    return [*written, licence]


def bundle_tiptap(folder: Path) -> dict[str, object]:
    """One file of the libraries that tools/tiptap/entry.js names, as its lock has them, with the licence of each."""
    for name in ("package.json", "package-lock.json", "entry.js"):
        shutil.copy(TIPTAP / name, folder)
    subprocess.run(["npm", "ci", "--silent", "--ignore-scripts", "--no-audit"], cwd=folder, check=True)
    version = json.loads((TIPTAP / "package.json").read_text(encoding="utf-8"))["dependencies"]["@tiptap/core"]
    made, licences = f"vendor/tiptap-{version}.min.js", f"vendor/tiptap-{version}.LICENSES.txt"
    asked = ["--bundle", "--minify", "--format=esm", "--target=es2022", "--charset=utf8", "--legal-comments=none"]
    subprocess.run(
        ["node_modules/.bin/esbuild", "entry.js", *asked, "--metafile=used.json", f"--outfile={STATIC / made}"],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    used = {
        match[1]
        for path in json.loads((folder / "used.json").read_text(encoding="utf-8"))["inputs"]
        if (match := re.match(r"node_modules/((?:@[^/]+/)?[^/]+)/", path))
    }
    told, kinds = [], set()
    for name in sorted(used):
        about = json.loads((folder / "node_modules" / name / "package.json").read_text(encoding="utf-8"))
        texts = sorted((folder / "node_modules" / name).glob("LICENSE*"))
        told.append(f"{name} {about['version']} ({about['license']})\n\n{_licence(texts)}")
        kinds.add(about["license"])
    (STATIC / licences).write_text("\n\n----\n\n".join(told) + "\n", encoding="utf-8")
    files = {path: digest(STATIC / path) for path in (made, licences)}
    return {"name": "tiptap (bundle)", "version": version, "licence": " AND ".join(sorted(kinds)), "sha256": files}


def _licence(texts: list[Path]) -> str:
    """What the package says; packages of Tiptap say no more than its name."""
    if not texts:
        return "The licence is named in the package.json of the package."
    return texts[0].read_text(encoding="utf-8").replace("\r\n", "\n").strip()


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def vendor() -> None:
    """Fetch every package, write the files and the lock."""
    entries = []
    with tempfile.TemporaryDirectory() as folder:
        for package in PACKAGES:
            unpacked = fetch(package, Path(folder))
            for source, target in package.files.items():
                (STATIC / target).parent.mkdir(parents=True, exist_ok=True)
                # Maps of sources are not taken along, so nothing may name them.
                content = SOURCE_MAP.sub(b"", (unpacked / source).read_bytes())
                (STATIC / target).write_bytes(BARE_IMPORT.sub(rb"from './\1.js'", content))
            made = list(package.files.values())
            if package is LUCIDE:
                (STATIC / SPRITE).write_text(build_sprite(unpacked), encoding="utf-8")
                made.append(SPRITE)
            if package is FIGTREE:
                made += build_pdf_fonts(unpacked)
            licence = json.loads((unpacked / "package.json").read_text(encoding="utf-8"))["license"]
            files = {path: digest(STATIC / path) for path in sorted(made)}
            entries.append({"name": package.name, "version": package.version, "licence": licence, "sha256": files})
        (Path(folder) / "bundle").mkdir()
        entries.append(bundle_tiptap(Path(folder) / "bundle"))
    LOCK.write_text(json.dumps(entries, indent=2) + "\n", encoding="utf-8")


def differences() -> list[str]:
    """Files that are missing or are not what the lock says."""
    wrong = []
    for entry in json.loads(LOCK.read_text(encoding="utf-8")):
        for path, expected in entry["sha256"].items():
            file = STATIC / path
            if not file.is_file() or digest(file) != expected:
                wrong.append(f"{path} differs from {entry['name']} {entry['version']}")
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with the lock, fetch nothing")
    if not parser.parse_args().check:
        vendor()
    wrong = differences()
    for line in wrong:
        sys.stderr.write(line + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
