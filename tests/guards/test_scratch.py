import collections, time, os
import pytest
from tests.guards.cross_arena import arena
from tests.guards.cross_attack import Attack
from tests.guards.cross_reads import marked
from tests.guards.cross_routes import routes
from tests.guards.scene import scene_make
pytestmark = pytest.mark.filterwarnings("ignore::django.core.paginator.UnorderedObjectListWarning")

def test_scratch(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), arena(scene_make) as scene:
        some = [r for r in routes() if r.template.startswith("admin/") and "<" not in r.template][int(os.environ["FROM"])::4]
        a = Attack(scene, some)
        seen = []
        plain = Attack._look
        phase = [""]
        def look(self, route, role, verb, values, **body):
            n = len(self.asked)
            t = time.process_time()
            ans = plain(self, route, role, verb, values, **body)
            if body.get("query"):
                seen.append((route.template, body["query"], ans.status, ans.location, round(1000*(time.process_time()-t)), len(ans.text), len(ans.read), len(ans.read - self.standing)))
            return ans
        Attack._look = look
        with marked():
            t = time.process_time()
            print(a.run(), time.process_time()-t)
        Attack._look = plain
        print("memory", a.memory.known, a.memory.run)
        for one in seen: print(*one)
