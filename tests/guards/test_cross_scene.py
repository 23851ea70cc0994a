from tests.guards.scene import scene_make, tenant_models, words_without_canary

def test_scene(db):
    import time
    t=time.time()
    s = scene_make()
    print("seconds", time.time()-t)
    for twin in (s.attacker, s.victim):
        print([m._meta.label for m in tenant_models() if not twin.rows[m._meta.label]])
    print(words_without_canary(s.victim))
