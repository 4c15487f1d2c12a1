import cProfile, pstats, time
from tests.web.test_crawl import *
from tests.web.halaman import pattern_of
def test_prof(app, data):
    found=Temuan()
    pr=cProfile.Profile(); 
    client=sign_in(app,"camat"); pr.enable(); t=time.time()
    n=0
    for page in crawl(client, found):
        n+=1
    pr.disable()
    print(time.time()-t, n, len(found.pages), len(found.forms))
    for p in found.pages[:400]: print(p[:140])
    pstats.Stats(pr).sort_stats("cumtime").print_stats(35)
