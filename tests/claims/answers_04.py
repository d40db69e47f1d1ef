"""Claims of the answers to lesson 04: chains on R's stream, the same everywhere."""

from .reading import Lesson


def claims(lesson: Lesson) -> None:
    """Compare the prose with what was computed."""
    lesson.given("Answers to 04", "in 151 dimensions", "Stopping at lag 10")
    distance, width, rhats = lesson.distance, lesson.width, lesson.rhats
    ratio = {pooling: distance[pooling] / width[pooling] for pooling in distance}
    lesson.holds("even farther in sds", ratio["partial"] > 1.1 * ratio["none"])
    lesson.holds("less far in units", distance["partial"] < 0.8 * distance["none"])
    lesson.holds("less than half as wide", width["partial"] < 0.5 * width["none"])
    lesson.holds("R-hats are as bad", rhats["partial"] > rhats["none"] > 1.1)

    by_step = lesson.off_by_step
    lesson.holds("the post's step is as good as any", min(by_step, key=by_step.get) == 0.125)
    lesson.holds("too small, too large", min(by_step[0.03], by_step[0.5]) > 1.5 * by_step[0.125])
    lesson.holds("none is good", min(by_step.values()) > 0.4)

    kind, rule = lesson.ess["stop at lag 10"], lesson.ess["the lesson's rule"]
    lesson.holds("far too kind", kind > 5 * rule)
    lesson.holds("goes on for hundreds of steps", lesson.first > 200)
    lesson.holds("minus one half", abs(lesson.total + 0.5) < 1e-9)
