"""How long a piece of work takes the processor, whatever else goes on in a long run of tests."""

import time
from collections.abc import Callable


def least_seconds(work: Callable[[], object], tries: int = 3) -> float:
    """Seconds of this thread in the best of ``tries`` runs: a collection of garbage may fall into one of them."""
    spent = []
    for _ in range(tries):
        began = time.thread_time()
        work()
        spent.append(time.thread_time() - began)
    return min(spent)
