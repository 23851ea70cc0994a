import time, statistics
import pytest
from demo.loading.forest import PASSWORD
from tests.live.browsing import Visitor, chromium, RULES
pytestmark=[pytest.mark.live]
def test_axe(site):
    site.start("broker","web")
    with chromium() as browser:
        v = Visitor(browser, base=f"http://quayside.localhost:{site.port}", name="zz")
        v.sign_in("instructor@demo.example.org".replace("demo","quayside") if False else "learner@quayside.example.org", PASSWORD)
        ways = {"now": RULES, "viol": {**RULES, "resultTypes": ["violations"]}, "noload": {**RULES, "preload": False}, "both": {**RULES, "resultTypes": ["violations"], "preload": False, "iframes": False}}
        out = {k: [] for k in (*ways, "shot", "size", "inject")}
        for path in ("/", "/catalogue/", "/courses/", "/me/profile/", "/support/", "/notices/", "/calendar/", "/me/"):
            v.go(path); v.page.wait_for_load_state("load")
            for _ in range(3):
                for k, o in ways.items():
                    s = time.perf_counter(); v.axe.run(v.page, options=o); out[k].append(time.perf_counter()-s)
                s = time.perf_counter(); v.page.screenshot(path="/tmp/gt/zz.png"); out["shot"].append(time.perf_counter()-s)
                s = time.perf_counter(); v.page.set_viewport_size({"width":390,"height":2000}); v.page.set_viewport_size({"width":390,"height":844}); out["size"].append(time.perf_counter()-s)
                s = time.perf_counter(); v.page.evaluate(v.axe.axe_script); out["inject"].append(time.perf_counter()-s)
        for k, o in out.items(): print(k, round(statistics.median(o)*1000), round(statistics.mean(o)*1000))
