import json, os, time, hashlib, sys
import pytest
from django.db import connection
from ecosystem.models.managers import InScope
from ecosystem.prepared import forget_prepared
from tests.guards import cross_asking
from tests.guards.cross_arena import arena, drop_row_security
from tests.guards.cross_attack import Attack
from tests.guards.cross_reads import marked, Reads
from tests.guards.cross_routes import routes
from tests.guards.scene import scene_make
pytestmark = pytest.mark.filterwarnings("ignore")
STEP, FROM = int(os.environ.get("STEP", "12")), int(os.environ.get("FROM", "0"))
OUT = open(os.environ["OUT"], "w")
NST = [0]; TOUCHED = set()
START = time.process_time()

def pg():
    connection.ensure_connection()
    pid = connection.connection.info.backend_pid
    return int(open(f"/proc/{pid}/schedstat").read().split()[0]) / 1e9

@pytest.fixture
def database(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        yield

def test_measure(database, monkeypatch):
    rnd = ["1"]
    plain = cross_asking.Asker._send
    def send(self, verb, path, role, twin, **kw):
        stack = "<".join(f for f in (sys._getframe(i).f_code.co_name for i in range(1, 9)) if f in ("_looked","_gets_in","_controls","_may","_look","_compare","_widen","_through_own","_mixed","_wrong_host","_attack"))
        TOUCHED.clear(); NST[0] = 0
        c, g, w = time.process_time(), pg(), time.perf_counter()
        answer = plain(self, verb, path, role, twin, **kw)
        c, g, w = time.process_time() - c, pg() - g, time.perf_counter() - w
        kind = "+".join(k for k in ("query", "form", "json") if kw.get(k) is not None)
        OUT.write(json.dumps([rnd[0], verb, path, role, twin.host, kind, answer.status, len(answer.text), answer.written, bool(answer.victim), len(answer.read), round(c,5), round(g,5), round(w,5),
          hashlib.md5(repr(kw).encode()).hexdigest()[:6], answer.location[:60], stack, "".join(sorted(answer.looked_at or ())), NST[0], hashlib.md5(answer.text.split(b"\n[('", 1)[0]).hexdigest()[:8]]) + "\n")
        return answer
    cross_asking.Asker._send = send
    try:
        with arena(scene_make) as scene:
            plain_note = Reads.watched
            def mark(name, t=[time.process_time(), pg(), time.perf_counter()]):
                now = [time.process_time(), pg(), time.perf_counter()]
                print(name, *(f"{k} {b-a:.1f}" for k, a, b in zip(("cpu", "pg", "wall"), t, now)))
                t[:] = now
            print("cpu so far", time.process_time(), "since import", time.process_time() - START)
            mark("start")
            def count(execute, *a):
                NST[0] += 1
                return execute(*a)
            connection.ensure_connection(); connection.execute_wrappers.append(count)
            attack = Attack(scene, routes()[FROM::STEP])
            plain_rows = Reads.rows
            def rows(self, **kw):
                mark("before rows")
                r = plain_rows(self, **kw)
                mark(f"rows {len(r)}")
                return r
            monkeypatch.setattr(Reads, "rows", rows)
            with marked():
                print(attack.run())
            mark("round 1")
            rnd[0] = "2"
            with monkeypatch.context() as patch:
                patch.setattr(InScope, "as_sql", lambda *_args, **_kwargs: ("TRUE", []))
                forget_prepared()
                print(attack.again(filtered=False))
            mark("round 2")
            forget_prepared(); drop_row_security(); rnd[0] = "3"
            print(attack.again())
            mark("round 3")
            for k, v in sorted(attack.report.cost.items(), key=lambda x: -x[1][0])[:20]: print(k, v)
    finally:
        cross_asking.Asker._send = plain
        OUT.close()
