"""People of the demo doing things over HTTP, quickly."""

import json
import re
import uuid
from dataclasses import dataclass, field

from bench.browser import Answer, Browser
from demo.loading.forest import PASSWORD
from tests.live.site import Site


@dataclass
class Learner:
    """A signed-in person on the host of an environment."""

    site: Site
    email: str
    host: str
    browser: Browser = field(init=False)

    def __post_init__(self) -> None:
        self.browser = Browser(self.host, self.site.port)
        try:
            self._sign_in()
        except BaseException:  # nobody else has the browser to close it
            self.browser.close()
            raise

    def _sign_in(self) -> None:
        page = self.browser.get("/accounts/login/")
        assert page.status == 200, (page.status, page.body[:500], self.site.log("web"))
        self.browser.remember_token(page)
        answer = self.browser.post("/accounts/login/", {"login": self.email, "password": PASSWORD})
        assert answer.status == 302, (answer.status, answer.body[:500], self.site.log("web"))

    def __enter__(self) -> "Learner":
        return self

    def __exit__(self, *error: object) -> None:
        self.browser.close()

    def get(self, path: str) -> Answer:
        answer = self.browser.get(path)
        self.browser.remember_token(answer)
        return answer

    def enrol(self, course: str) -> None:
        self.get(f"/catalogue/{course}/")
        assert self.browser.post(f"/catalogue/{course}/enrol/", {}).status == 302

    def read(self, page: str) -> None:
        self.get(f"/learn/{page}/")
        answer = self.browser.post(f"/learn/{page}/done/", {})
        assert answer.status == 302, (answer.status, answer.body[:300], self.site.log("web"))

    def start_quiz(self, quiz: str) -> str:
        """The path of the attempt."""
        self.get(f"/quiz/{quiz}/")
        answer = self.browser.post(f"/quiz/{quiz}/", {})
        assert answer.status == 302, (answer.status, answer.body[:300])
        return re.match(r"(/attempts/[0-9a-f-]+/)", answer.headers["location"])[1]

    def values(self, attempt: str, position: int) -> list[str]:
        body = self.get(f"{attempt}{position}/").body.decode()
        return re.findall(r'name="answer"[^>]*value="([^"]+)"', body)

    def save(self, attempt: str, position: int, value: str) -> Answer:
        return self.browser.post(f"{attempt}{position}/", {"answer": value, "go": "save"})

    def answer(self, attempt: str, position: int, values: list[str]) -> None:
        """As the script of the page does; of some questions more than one is chosen."""
        self.get(f"{attempt}{position}/")
        item = {"id": str(uuid.uuid4()), "position": position, "flagged": False, "fields": {"answer": values}}
        saved = self.browser.post_json(f"{attempt}answers/", json.dumps({"items": [item]}).encode())
        assert saved.status == 200, (saved.status, saved.body[:300])

    def finish(self, attempt: str) -> None:
        assert self.browser.post(f"{attempt}finish/", {}).status == 302

    def chosen(self, attempt: str, position: int) -> str | None:
        """The value of the checked input on the page of a question, whatever the order of its attributes."""
        for tag in re.findall(r"<input[^>]*>", self.get(f"{attempt}{position}/").body.decode()):
            if 'name="answer"' in tag and re.search(r"\bchecked\b", tag):
                return re.search(r'value="([^"]*)"', tag)[1]
        return None
