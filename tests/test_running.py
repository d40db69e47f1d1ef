"""Blocks, threads and interruptions: none of them bears on what a chain makes."""

import _thread
import math
import signal
import threading
from collections.abc import Callable

import numpy as np
import pytest
from scripts import LONG

from mcmc_edu.driver import runner as running
from mcmc_edu.driver.runner import Runner, next_block
from mcmc_edu.samplers import DensityError
from mcmc_edu.samplers.metropolis import State

MOVED = threading.Condition()
"""Held by a chain that counts or fails, and notified of it."""


class Counting:
    """A chain that counts: draw t of chain k is (k, t).  It can fail, and do things on its way."""

    def __init__(self, k: int, fails_at: float = math.inf) -> None:
        self.k, self.fails_at = k, fails_at
        self.before: Callable[[Counting], object] = lambda chain: None
        """Called at the beginning of a block, while it is under way."""
        self.steps = 0
        self.state = State(np.array([float(k), 0.0]), 0.0)
        self.failed = False
        self.blocks: list[tuple[int, int]] = []

    def run(self, n: int):
        self.before(self)
        with MOVED:
            MOVED.notify_all()
            self.failed = self.steps + n > self.fails_at
            if self.failed:
                raise DensityError("no", int(self.fails_at), np.zeros(1))
            return self.count(n)

    def count(self, n: int):
        t = np.arange(self.steps, self.steps + n, dtype=float)
        self.blocks.append((self.steps, n))
        self.steps += n
        self.state = State(np.array([self.k, t[-1]]), -t[-1])
        draws = np.column_stack([np.full(n, float(self.k)), t])
        divergent = t % 10 == 3
        return draws, {"divergent": divergent}, draws[divergent]

    def snapshot(self):
        return {"steps": self.steps}

    def restore(self, snapshot) -> None:
        self.steps = snapshot["steps"]


@pytest.mark.parametrize("threads", [1, 2, 7])
def test_every_chain_makes_all_its_draws_in_order(threads: int) -> None:
    run = Runner([Counting(k) for k in range(3)], warmup=20, iterations=120)
    run.run(threads)
    array, stats, where = run.result()
    assert run.complete
    assert array.shape == (3, 100, 2)
    np.testing.assert_array_equal(array[:, :, 1], np.tile(np.arange(20.0, 120.0), (3, 1)))
    np.testing.assert_array_equal(array[:, :, 0], np.repeat([[0.0], [1.0], [2.0]], 100, axis=1))
    assert stats["divergent"].sum() == len(where) == 30
    np.testing.assert_array_equal(where[:10, 1], np.arange(23.0, 120.0, 10.0))


def test_a_block_lies_on_one_side_of_the_end_of_warmup() -> None:
    chain = Counting(0)
    Runner([chain], warmup=13, iterations=40).run(1)
    assert any(begin == 13 for begin, _ in chain.blocks)
    assert sum(n for _, n in chain.blocks) == 40


def test_blocks_take_the_time_they_should() -> None:
    assert next_block(8, 0.2, 0.1) == 4
    assert next_block(8, 0.08, 0.1) == 10
    assert next_block(8, 0.08, 0.01) == 1
    assert next_block(8, 1e-5, 0.1) == 16  # at most twice as many
    assert next_block(1, 60.0, 0.1) == 1
    assert next_block(4, 0.0, 0.1) == 8


def test_the_first_block_is_one_iteration() -> None:
    """Nothing is known yet of how long one takes, and Ctrl-C must not wait for ten of them."""
    chain = Counting(0)
    Runner([chain], warmup=0, iterations=40).run(1)
    assert chain.blocks[0] == (0, 1)


def test_chains_keep_in_step_when_there_are_fewer_threads() -> None:
    chains = [Counting(k) for k in range(5)]
    run = Runner(chains, warmup=0, iterations=64)
    seen = []

    def note(n: int) -> None:
        steps = [chain.steps for chain in chains]
        seen.append(max(steps) - min(steps))

    run.run(1, note)
    assert max(seen) <= 32  # the last block of the one ahead


def test_all_iterations_are_told() -> None:
    told: list[int] = []
    Runner([Counting(k) for k in range(3)], warmup=5, iterations=50).run(2, told.append)
    assert sum(told) == 150


def test_more_threads_than_chains_are_not_started(monkeypatch) -> None:
    started = []

    class Recorded(threading.Thread):
        def start(self) -> None:
            started.append(self)
            super().start()

    monkeypatch.setattr(running.threading, "Thread", Recorded)
    Runner([Counting(0), Counting(1)], warmup=0, iterations=20).run(8)
    assert len(started) == 2


@pytest.mark.parametrize("threads", [1, 2, 4])
@pytest.mark.parametrize("late", [0, 1, 2, 3])
def test_the_earliest_failure_is_reported_whatever_the_timing(threads: int, late: int) -> None:
    """Chains 1 and 2 fail at iteration 30, chain 3 at 31; one of them long after the others."""
    fails = [math.inf, 30, 30, 31]
    chains = [Counting(k, fails[k]) for k in range(4)]
    others = [chain for chain in chains if chain.k != late]

    def wait_for_the_others(chain: Counting) -> None:
        with MOVED:
            # they need milliseconds; if some stop too early, this must end
            assert MOVED.wait_for(lambda: all(c.failed or c.steps > 29 for c in others), 60.0)

    if threads > 1:  # a single thread takes them in turn
        chains[late].before = wait_for_the_others
    run = Runner(chains, warmup=10, iterations=200)
    with pytest.raises(DensityError, match="chain 1: no at iteration 30"):
        run.run(threads)


def test_after_a_failure_no_chain_goes_on_for_long(monkeypatch) -> None:
    """The failure comes while another chain is in its first block, of one iteration."""
    chains = [Counting(0), Counting(1, fails_at=0)]
    run, known = Runner(chains, warmup=0, iterations=1_000_000), threading.Event()
    fail = run._fail

    def tell(k: int, error: BaseException) -> None:
        fail(k, error)
        known.set()

    monkeypatch.setattr(run, "_fail", tell)
    chains[0].before = lambda chain: known.wait(LONG)
    with pytest.raises(DensityError, match="chain 1"):
        run.run(2)
    assert chains[0].steps == 1


@pytest.mark.parametrize("error", [MemoryError("none left"), SystemExit(3), RuntimeError("odd")])
def test_whatever_a_thread_raises_is_raised(error: BaseException) -> None:
    def advanced(n: int) -> None:
        raise error

    run = Runner([Counting(0), Counting(1)], warmup=0, iterations=1000)
    with pytest.raises(type(error)) as caught:
        run.run(2, advanced)
    assert caught.value is error


@pytest.fixture(autouse=True)
def ctrl_c_is_heard():
    """Also where a shell runs the tests in the background, and has them ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def interrupt(monkeypatch):
    """Make Ctrl-C come in the first block where a condition holds; it ends when that is heard."""
    monkeypatch.setattr(running, "LOOK_SECONDS", 0.01)

    def when(run: Runner, condition: Callable[[], bool]) -> None:
        first = threading.Lock()

        def press(chain: Counting) -> None:
            if condition() and first.acquire(blocking=False):
                _thread.interrupt_main()
                assert run._stop.wait(LONG)

        for chain in run.chains:
            chain.before = press

    return when


def test_ctrl_c_keeps_what_there_is(interrupt) -> None:
    chains = [Counting(k) for k in range(3)]
    run = Runner(chains, warmup=3, iterations=100_000)
    interrupt(run, lambda: min(chain.steps for chain in chains) > 10)
    run.run(3)
    array, stats, where = run.result()
    assert not run.complete
    n = min(chain.steps for chain in chains) - 3
    assert array.shape == (3, n, 2)
    np.testing.assert_array_equal(array[:, :, 1], np.tile(np.arange(3.0, 3.0 + n), (3, 1)))
    assert stats["divergent"].sum() == len(where)
    assert (where[:, 1] < 3 + n).all()


def test_ctrl_c_in_warmup_leaves_no_draws(interrupt) -> None:
    run = Runner([Counting(0)], warmup=100_000, iterations=200_000)
    interrupt(run, lambda: run.chains[0].steps > 10)
    run.run(1)
    assert not run.complete
    assert not run.has_draws


def test_ctrl_c_after_the_last_iteration_takes_nothing_away(monkeypatch) -> None:
    """It may come while a file is written for the last time."""
    monkeypatch.setattr(running, "LOOK_SECONDS", 0.01)
    run = Runner([Counting(0)], warmup=0, iterations=40)

    def look() -> None:
        if run.complete:
            raise KeyboardInterrupt

    run.run(1, on_tick=look)
    assert run.complete
    assert run.result()[0].shape == (1, 40, 2)


def test_a_state_is_a_run_to_go_on_from(interrupt) -> None:
    whole = Runner([Counting(k) for k in range(2)], warmup=3, iterations=300)
    interrupt(whole, lambda: min(chain.steps for chain in whole.chains) > 20)
    whole.run(2)
    left = whole.state()
    assert [len(parts) for parts in left["parts"]] == [1, 1]  # however many blocks there were
    rest = Runner([Counting(k) for k in range(2)], warmup=3, iterations=300, earlier=left)
    assert rest.steps == whole.steps
    assert rest.seconds > left["seconds"]
    rest.run(2)
    array, stats, where = rest.result()
    np.testing.assert_array_equal(array[:, :, 1], np.tile(np.arange(3.0, 300.0), (2, 1)))
    assert stats["divergent"].sum() == len(where) == 60


def test_a_state_does_not_change_afterwards(monkeypatch) -> None:
    """Each of five is taken in another block of the first chain."""
    monkeypatch.setattr(running, "LOOK_SECONDS", 0.005)
    run = Runner([Counting(k) for k in range(2)], warmup=0, iterations=200)
    states, taken = [], threading.Semaphore(0)

    def take() -> None:
        states.append(run.state())
        taken.release()

    def wait_for_one(chain: Counting) -> None:
        if len(chain.blocks) < 5:
            assert taken.acquire(timeout=LONG)

    run.chains[0].before = wait_for_one
    run.run(2, on_tick=take)
    assert len(states) >= 5
    for state in states:  # each as it was when it was taken
        for snapshot, parts in zip(state["snapshots"], state["parts"], strict=True):
            assert snapshot["steps"] == sum(len(part.draws) for part in parts)
