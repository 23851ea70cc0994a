import io
import tarfile

import pytest

from launcher.extracting import extract_inside


def packed(*members: tuple[str, bytes, str]) -> tarfile.TarFile:
    """Of (name, type, link)."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, kind, link in members:
            member = tarfile.TarInfo(name)
            member.type, member.linkname, member.mode = kind, link, 0o777
            member.size = 2 if kind == tarfile.REGTYPE else 0
            archive.addfile(member, io.BytesIO(b"ok") if member.size else None)
    buffer.seek(0)
    return tarfile.open(fileobj=buffer)


# Python from 3.11.4 has filters; Debian 12's has none.
WAYS = ["without filters", *(["with"] if hasattr(tarfile, "data_filter") else [])]


@pytest.fixture(params=WAYS)
def target(request, monkeypatch, tmp_path):
    if request.param != "with":
        monkeypatch.delattr(tarfile, "data_filter", raising=False)
    folder = tmp_path / "target"
    folder.mkdir()
    return folder


def test_what_stays_inside_is_there(target):
    links = (("b", tarfile.SYMTYPE, "a/one"), ("a/two", tarfile.SYMTYPE, "../a/one"))
    with packed(("a", tarfile.DIRTYPE, ""), ("a/one", tarfile.REGTYPE, ""), *links) as archive:
        extract_inside(archive, target)
    assert [(target / name).read_bytes() for name in ("a/one", "b", "a/two")] == [b"ok"] * 3
    assert (target / "a/one").stat().st_mode & 0o022 == 0


@pytest.mark.parametrize(
    "member",
    [
        ("../evil", tarfile.REGTYPE, ""), ("a/../../evil", tarfile.REGTYPE, ""), ("link", tarfile.SYMTYPE, "../.."),
        ("link", tarfile.SYMTYPE, "/etc"), ("hard", tarfile.LNKTYPE, "../../etc/passwd"), ("dev", tarfile.CHRTYPE, ""),
    ],
)  # fmt: skip
def test_what_leads_out_is_refused(target, member):
    with packed(("first", tarfile.REGTYPE, ""), member) as archive, pytest.raises(tarfile.TarError):
        extract_inside(archive, target)
    assert list(target.parent.iterdir()) == [target]
