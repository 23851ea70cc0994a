"""Taking a tar archive apart where nothing in it can land anywhere else."""

import os
import tarfile
from pathlib import Path


def extract_inside(archive: tarfile.TarFile, target: Path) -> None:
    """As the filter "data" does it: no links outward, no devices, no absolute names; raises ``tarfile.TarError``.

    Python before 3.11.4, such as Debian 12's, has no filters: there the same is refused here, before anything is written.
    """
    if hasattr(tarfile, "data_filter"):
        archive.extractall(target, filter="data")
        return
    inside = target.resolve()
    members = archive.getmembers()
    for member in members:
        lands = [inside / member.name]
        if member.issym():
            lands.append(inside / os.path.dirname(member.name) / member.linkname)  # noqa: PTH120
        if member.islnk():
            lands.append(inside / member.linkname)
        if member.isdev() or not all(path.resolve().is_relative_to(inside) for path in lands):
            raise tarfile.ExtractError(f"{member.name} would land outside {target}")
    for member in members:
        member.mode &= 0o755
        archive.extract(member, target, set_attrs=True)
