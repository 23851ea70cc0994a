"""People, with a browser: a manager invites from a file, the letter arrives, its link makes a member who is signed in.

Each screen is looked at on the phone and the desktop and must be free of accessibility errors.
"""

import re
from email import message_from_bytes, policy

import pytest

from demo.loading.forest import PASSWORD
from tests.live.browsing import Visitor, chromium
from tests.live.site import Site, wait_for

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("people")]
GUEST = "noor.smit@quayside.example.org"


def link_in_mail(site: Site, to: str) -> str:
    """The link of the invitation, once its letter is in the development mailbox."""
    found: list[str] = []

    def read() -> list[str]:
        for file in (site.folder / "mail").iterdir():
            for part in file.read_bytes().split(b"-" * 79 + b"\n"):
                letter = message_from_bytes(part, policy=policy.default)
                if letter["To"] == to:
                    body = letter.get_body(preferencelist=("plain",)).get_content()  # type: ignore[attr-defined]
                    found.extend(re.findall(r"/invitations/[0-9a-f]{64}/", body))
        return found

    wait_for(read, seconds=60, what=f"a letter to {to}")
    return found[-1]


def test_people_from_file_to_member(site, tmp_path):
    site.start("broker", "web", "worker")
    base = f"http://quayside.localhost:{site.port}"
    bad, good = tmp_path / "bad.csv", tmp_path / "good.csv"
    bad.write_text("email,name,roles\nnobody,Nobody,learner\nada@x.org,Ada,king\n")
    good.write_text(f"email,name,job_title\n{GUEST},=Noor Smit,Nurse\n")
    with chromium() as browser:
        admin = Visitor(browser, base=base, name="people").sign_in("admin@quayside.example.org", PASSWORD)
        admin.go("/people/groups/new/")
        admin.page.fill("#id_name", "Everybody who learns")
        admin.page.select_option("#id_role", "learner")
        admin.press("Who would be in it?").look("3-rule", shoot_desktop=True)
        admin.press("Save").page.wait_for_url(re.compile(r"/people/groups/\d+/"))
        admin.go("/people/import/").page.set_input_files("#id_file", bad)
        admin.press("Look at this file").look("7-bad-file", shoot_desktop=True)
        admin.page.set_input_files("#id_file", good)
        admin.press("Look at this file").look("8-good-file")
        admin.press("Invite 1 person").look("9-invitations", shoot_desktop=True)
        guest = Visitor(browser, base=base, name="people")
        guest.go(link_in_mail(site, GUEST)).look("10-accept", shoot_desktop=True)
        guest.page.fill("#id_password", "a long enough password")
        guest.press("Accept and start").page.wait_for_url(base + "/")
        guest.go("/me/data/")
        if "reauthenticate" in guest.page.url:
            guest.page.fill("[name=password]", "a long enough password")
            guest.page.click("main button[type=submit]")
        guest.press("Make a copy")
        wait_for(lambda: "Your copy is ready" in guest.go("/me/data/").text(), seconds=60, what="the copy of data")
        with guest.page.expect_download() as download:
            guest.press("Download")
        assert download.value.suggested_filename == "my-data.zip"
        admin.go("/people/?q=noor").page.locator("main a.t").first.click()
        admin.press("Erase this person").page.wait_for_url("**/erase/")
        print(f"\n{len(admin.looked_at) + len(guest.looked_at)} pages of people looked at")
        assert not admin.wrong + guest.wrong, "\n".join(admin.wrong + guest.wrong)
