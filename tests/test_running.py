"""Blocks, threads and interruptions: none of them bears on what a chain makes."""

import math
import signal
import threading
import time

import numpy as np
import pytest

from mcmc_edu import running
from mcmc_edu.running import Run, next_block
from mcmc_edu.samplers import DensityError


class Counting:
    """A chain that counts: draw t of chain k is (k, t).  It can fail, and take its time."""

    def __init__(self, k: int, fails_at: float = math.inf, pause: float = 0.0) -> None:
        self.k, self.fails_at, self.pause = k, fails_at, pause
        self.steps = 0
        self.blocks: list[tuple[int, int]] = []

    def run(self, n: int):
        time.sleep(self.pause * n)
        if self.steps + n > self.fails_at:
            raise DensityError("no", int(self.fails_at), np.zeros(1))
        t = np.arange(self.steps, self.steps + n, dtype=float)
        self.blocks.append((self.steps, n))
        self.steps += n
        draws = np.column_stack([np.full(n, float(self.k)), t])
        divergent = t % 10 == 3
        return draws, {"divergent": divergent}, draws[divergent]

    def snapshot(self):
        return {"steps": self.steps}

    def restore(self, snapshot) -> None:
        self.steps = snapshot["steps"]


@pytest.mark.parametrize("threads", [1, 2, 7])
def test_every_chain_makes_all_its_draws_in_order(threads: int) -> None:
    run = Run([Counting(k) for k in range(3)], warmup=20, iterations=120)
    run.go(threads)
    array, stats, where = run.result()
    assert run.complete
    assert array.shape == (3, 100, 2)
    np.testing.assert_array_equal(array[:, :, 1], np.tile(np.arange(20.0, 120.0), (3, 1)))
    np.testing.assert_array_equal(array[:, :, 0], np.repeat([[0.0], [1.0], [2.0]], 100, axis=1))
    assert stats["divergent"].sum() == len(where) == 30
    np.testing.assert_array_equal(where[:10, 1], np.arange(23.0, 120.0, 10.0))


def test_a_block_lies_on_one_side_of_the_end_of_warmup() -> None:
    chain = Counting(0)
    Run([chain], warmup=13, iterations=40).go(1)
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
    Run([chain], warmup=0, iterations=40).go(1)
    assert chain.blocks[0] == (0, 1)


def test_chains_keep_in_step_when_there_are_fewer_threads() -> None:
    chains = [Counting(k) for k in range(5)]
    run = Run(chains, warmup=0, iterations=64)
    seen = []

    def note(n: int) -> None:
        steps = [chain.steps for chain in chains]
        seen.append(max(steps) - min(steps))

    run.go(1, note)
    assert max(seen) <= 32  # the last block of the one ahead


def test_all_iterations_are_told() -> None:
    told: list[int] = []
    Run([Counting(k) for k in range(3)], warmup=5, iterations=50).go(2, told.append)
    assert sum(told) == 150


def test_more_threads_than_chains_are_not_started() -> None:
    before, seen = threading.active_count(), set()
    run = Run([Counting(0, pause=0.001)], warmup=0, iterations=20)
    run.go(8, lambda n: seen.add(threading.active_count()))
    assert max(seen) == before + 1


@pytest.mark.parametrize("threads", [1, 2, 4])
@pytest.mark.parametrize("slow", [0, 1, 2, 3])
def test_the_earliest_failure_is_reported_whatever_the_timing(threads: int, slow: int) -> None:
    """Chains 1 and 2 fail at iteration 30, chain 3 earlier in time but at a later one."""
    fails = [math.inf, 30, 30, 31]
    chains = [Counting(k, fails[k], 0.001 if k == slow else 0.0) for k in range(4)]
    run = Run(chains, warmup=10, iterations=10_000)
    with pytest.raises(DensityError, match="chain 1: no at iteration 30"):
        run.go(threads)
    assert chains[0].steps < 10_000


def test_after_a_failure_no_chain_goes_on_for_long() -> None:
    chains = [Counting(0, pause=1e-4), Counting(1, fails_at=0)]
    begin = time.perf_counter()
    with pytest.raises(DensityError, match="chain 1"):
        Run(chains, warmup=0, iterations=1_000_000).go(2)
    assert time.perf_counter() - begin < 2.0


@pytest.mark.parametrize("error", [MemoryError("none left"), SystemExit(3), RuntimeError("odd")])
def test_whatever_a_thread_raises_is_raised(error: BaseException) -> None:
    def advanced(n: int) -> None:
        raise error

    run = Run([Counting(0), Counting(1)], warmup=0, iterations=1000)
    with pytest.raises(type(error)) as caught:
        run.go(2, advanced)
    assert caught.value is error


@pytest.fixture(autouse=True)
def ctrl_c_is_heard():
    """Also where a shell runs the tests in the background, and has them ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def interrupt_when(condition) -> None:
    """Press Ctrl-C once the condition holds."""

    def wait() -> None:
        while not condition():
            time.sleep(0.002)
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

    threading.Thread(target=wait, daemon=True).start()


def test_ctrl_c_keeps_what_there_is() -> None:
    chains = [Counting(k, pause=0.001 * (1 + k)) for k in range(3)]
    run = Run(chains, warmup=3, iterations=100_000)
    interrupt_when(lambda: min(chain.steps for chain in chains) > 10)
    begin = time.perf_counter()
    run.go(3)
    assert time.perf_counter() - begin < 5.0
    array, stats, where = run.result()
    assert not run.complete
    n = min(chain.steps for chain in chains) - 3
    assert array.shape == (3, n, 2)
    np.testing.assert_array_equal(array[:, :, 1], np.tile(np.arange(3.0, 3.0 + n), (3, 1)))
    assert stats["divergent"].sum() == len(where)
    assert (where[:, 1] < 3 + n).all()


def test_ctrl_c_in_warmup_leaves_no_draws() -> None:
    run = Run([Counting(0, pause=0.001)], warmup=100_000, iterations=200_000)
    interrupt_when(lambda: run.chains[0].steps > 10)
    run.go(1)
    assert not run.complete
    assert not run.has_draws


def test_ctrl_c_after_the_last_iteration_takes_nothing_away(monkeypatch) -> None:
    """It may come while a file is written for the last time."""
    monkeypatch.setattr(running, "LOOK_SECONDS", 0.01)
    run = Run([Counting(0)], warmup=0, iterations=40)

    def look() -> None:
        if run.complete:
            raise KeyboardInterrupt

    run.go(1, look=look)
    assert run.complete
    assert run.result()[0].shape == (1, 40, 2)


def test_a_state_is_a_run_to_go_on_from() -> None:
    whole = Run([Counting(k, pause=0.001) for k in range(2)], warmup=3, iterations=300)
    interrupt_when(lambda: min(chain.steps for chain in whole.chains) > 20)
    whole.go(2)
    left = whole.state()
    assert [len(parts) for parts in left["parts"]] == [1, 1]  # however many blocks there were
    rest = Run([Counting(k) for k in range(2)], warmup=3, iterations=300, earlier=left)
    assert rest.steps == whole.steps
    assert rest.seconds > left["seconds"]
    rest.go(2)
    array, stats, where = rest.result()
    np.testing.assert_array_equal(array[:, :, 1], np.tile(np.arange(3.0, 300.0), (2, 1)))
    assert stats["divergent"].sum() == len(where) == 60


def test_a_state_does_not_change_afterwards(monkeypatch) -> None:
    monkeypatch.setattr(running, "LOOK_SECONDS", 0.005)
    run = Run([Counting(k, pause=0.001) for k in range(2)], warmup=0, iterations=200)
    states = []
    run.go(2, look=lambda: states.append(run.state()))
    assert len(states) > 3
    for state in states:  # each as it was when it was taken
        for snapshot, parts in zip(state["snapshots"], state["parts"], strict=True):
            assert snapshot["steps"] == sum(len(draws) for draws, _, _ in parts)
