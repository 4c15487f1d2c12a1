from tests.access.conftest import *
from tests.access.dunia import *
from tests.access.rows import MODELS
def test_smoke(dunia):
    print(dunia.usernames, dunia.area)
    bad=[]
    for n,m in MODELS.items():
        for k,t in [("own",dunia.own),*dunia.foreign.items()]:
            try: t.make(m)
            except Exception as e:
                dunia.session.rollback(); bad.append((n,k,repr(e)[:300], getattr(e,'fields',None)))
    for b in bad: print(b)
    assert not bad
