"""How well FSRS-6 foretells a log, and the exact derivative of that by its 21 weights.

One pass forward keeps the states, one pass backward carries what each state is worth (reverse mode, by hand: a fit of
20 000 answers takes about a second and needs no tensor library). The formulas are those of ``memotrainer.fsrs``, which a
test holds against this file; the derivative is held against finite differences.
"""

from dataclasses import dataclass

import numpy as np

from memotrainer.engine.lives import Floats, Integers, Lives, Place
from memotrainer.fsrs import HIGHEST_DIFFICULTY, LOWEST_DIFFICULTY, LOWEST_STABILITY

SURE = 1e-6  # a prediction is never surer than this
LOG_09 = float(np.log(0.9))


@dataclass(frozen=True)
class Before:
    """What the way back needs of one place: the states before it, recall and its derivatives."""

    s: Floats
    d: Floats
    recall: Floats
    recall_by_s: Floats
    recall_by_decay: Floats
    # Of the answers that were known: what multiplies e^(w10(1-R)) - 1, and that exponential.
    factor: Floats
    raised: Floats


@dataclass(frozen=True)
class Run:
    """``recall`` before each answer (NaN at the first), and the state after it, row by row."""

    recall: Floats
    stability: Floats
    difficulty: Floats
    befores: tuple[Before | None, ...]


def run(lives: Lives, w: Floats) -> Run:
    """Live through the log with weights ``w``."""
    recall = np.full(len(lives), np.nan)
    stability, difficulty = np.empty(len(lives)), np.empty(len(lives))
    befores: list[Before | None] = []
    s, d = np.zeros(0), np.zeros(0)
    for number, place in enumerate(lives.places):
        grade = lives.rating[place.rows]
        if number == 0:
            befores.append(None)
            s, d = w[grade - 1], _first_difficulty(grade, w)
        else:
            before = _before(s[: len(grade)], d[: len(grade)], lives.days[place.rows], grade, place, w)
            befores.append(before)
            recall[place.rows] = before.recall
            s, d = _next_stability(before, grade, place, w), _next_difficulty(before.d, grade, w)
        s = np.maximum(s, LOWEST_STABILITY)
        d = np.clip(d, LOWEST_DIFFICULTY, HIGHEST_DIFFICULTY)
        stability[place.rows], difficulty[place.rows] = s, d
    return Run(recall=recall, stability=stability, difficulty=difficulty, befores=tuple(befores))


def loss_and_gradient(lives: Lives, w: Floats, *, right: Floats, worth: Floats) -> tuple[float, Floats]:
    """(sum of worth times log loss, its 21 derivatives). ``right`` and ``worth`` go by the rows of ``lives``; rows of worth
    0 only move the states."""
    lived = run(lives, w)
    counted = worth > 0
    p = np.clip(lived.recall[counted], SURE, 1.0 - SURE)
    y, weight = right[counted], worth[counted]
    loss = -float(np.sum(weight * (y * np.log(p) + (1.0 - y) * np.log(1.0 - p))))
    by_recall = np.zeros(len(lives))
    inside = (lived.recall[counted] > SURE) & (lived.recall[counted] < 1.0 - SURE)
    by_recall[counted] = np.where(inside, weight * (p - y) / (p * (1.0 - p)), 0.0)
    gradient = np.zeros(21)
    by_s, by_d = np.zeros(0), np.zeros(0)
    for number in range(len(lives.places) - 1, -1, -1):
        place, before = lives.places[number], lived.befores[number]
        grade = lives.rating[place.rows]
        size = len(grade)
        by_s, by_d = _padded(by_s, size), _padded(by_d, size)
        by_s = np.where(lived.stability[place.rows] > LOWEST_STABILITY, by_s, 0.0)
        if before is None:
            _first_backward(grade, w, by_s, by_d, gradient)
            break
        by_s, by_d = _backward(before, grade, place, w, by_s, by_d, by_recall[place.rows], gradient)
    return loss, gradient


def _padded(values: Floats, size: int) -> Floats:
    return values if len(values) == size else np.concatenate([values, np.zeros(size - len(values))])


def _first_difficulty(grade: Floats, w: Floats) -> Floats:
    return np.asarray(w[4] - np.exp(w[5] * (grade - 1.0)) + 1.0)


def _before(s: Floats, d: Floats, days: Floats, grade: Floats, place: Place, w: Floats) -> Before:
    decay = w[20]
    power = 0.9 ** (-1.0 / decay)
    ratio = days / s
    base = 1.0 + (power - 1.0) * ratio
    log_base = np.log(base)
    recall = np.exp(-decay * log_base)
    factor, raised = _growth(s, d, recall, place.known, grade, w)
    return Before(
        s=s,
        d=d,
        recall=recall,
        recall_by_s=recall * decay * (power - 1.0) * ratio / (base * s),
        recall_by_decay=recall * (-log_base - ratio * power * LOG_09 / (decay * base)),
        factor=factor,
        raised=raised,
    )


def _growth(s: Floats, d: Floats, recall: Floats, at: Integers, grade: Floats, w: Floats) -> tuple[Floats, Floats]:
    bonus = np.where(grade[at] == 2, w[15], np.where(grade[at] == 4, w[16], 1.0))
    return bonus * np.exp(w[8]) * (11.0 - d[at]) * s[at] ** -w[9], np.exp(w[10] * (1.0 - recall[at]))


def _long(b: Before, at: Floats, w: Floats) -> Floats:
    return np.asarray(
        w[11] * b.d[at] ** -w[12] * ((b.s[at] + 1.0) ** w[13] - 1.0) * np.exp(w[14] * (1.0 - b.recall[at]))
    )


def _next_stability(b: Before, grade: Floats, place: Place, w: Floats) -> Floats:
    result = np.empty(len(b.s))
    result[place.known] = b.s[place.known] * (1.0 + b.factor * (b.raised - 1.0))
    result[place.again] = np.minimum(_long(b, place.again, w), b.s[place.again] / np.exp(w[17] * w[18]))
    if not len(place.same_day):
        return result
    s, g = b.s[place.same_day], grade[place.same_day]
    increase = np.exp(w[17] * (g - 3.0 + w[18])) * s ** -w[19]
    result[place.same_day] = s * np.where(g >= 2, np.maximum(increase, 1.0), increase)
    return result


def _next_difficulty(d: Floats, grade: Floats, w: Floats) -> Floats:
    easy = w[4] - np.exp(3.0 * w[5]) + 1.0
    return np.asarray(w[7] * easy + (1.0 - w[7]) * (d - (10.0 - d) * w[6] * (grade - 3.0) / 9.0))


def _first_backward(grade: Floats, w: Floats, by_s: Floats, by_d: Floats, gradient: Floats) -> None:
    gradient[:4] += np.bincount(grade - 1, weights=by_s, minlength=4)
    raw = _first_difficulty(grade, w)
    by_d = np.where((raw > LOWEST_DIFFICULTY) & (raw < HIGHEST_DIFFICULTY), by_d, 0.0)
    gradient[4] += by_d.sum()
    gradient[5] -= float(np.sum(by_d * (grade - 1.0) * np.exp(w[5] * (grade - 1.0))))


def _backward(
    b: Before, grade: Floats, place: Place, w: Floats, by_s: Floats, by_d: Floats, by_recall: Floats, gradient: Floats
) -> tuple[Floats, Floats]:
    """What the states before are worth, given what those after are; adds to the derivatives by the weights."""
    raw = _next_difficulty(b.d, grade, w)
    by_d = np.where((raw > LOWEST_DIFFICULTY) & (raw < HIGHEST_DIFFICULTY), by_d, 0.0)
    before_d = _difficulty_backward(b.d, grade, w, by_d, gradient)
    before_s = np.zeros(len(b.s))
    by_recall = by_recall.copy()
    _known_backward(b, grade, place, w, by_s, (before_s, before_d, by_recall), gradient)
    _again_backward(b, place, w, by_s, (before_s, before_d, by_recall), gradient)
    _same_day_backward(b, grade, place, w, by_s, before_s, gradient)
    before_s += by_recall * b.recall_by_s
    gradient[20] += float(by_recall @ b.recall_by_decay)
    return before_s, before_d


def _difficulty_backward(d: Floats, grade: Floats, w: Floats, by_d: Floats, gradient: Floats) -> Floats:
    easy_power = np.exp(3.0 * w[5])
    easy = w[4] - easy_power + 1.0
    move = (grade - 3.0) / 9.0
    total = by_d.sum()
    gradient[4] += w[7] * total
    gradient[5] -= 3.0 * w[7] * easy_power * total
    gradient[6] -= (1.0 - w[7]) * float(np.sum(by_d * (10.0 - d) * move))
    gradient[7] += float(np.sum(by_d * (easy - d + (10.0 - d) * w[6] * move)))
    return np.asarray(by_d * (1.0 - w[7]) * (1.0 + w[6] * move))


Worths = tuple[Floats, Floats, Floats]  # of stability, difficulty and recall before


def _known_backward(
    b: Before, grade: Floats, place: Place, w: Floats, by_s: Floats, worths: Worths, gradient: Floats
) -> None:
    at = place.known
    s, d, forgotten, by = b.s[at], b.d[at], 1.0 - b.recall[at], by_s[at]
    factor, raised = b.factor, b.raised
    gain = factor * (raised - 1.0)
    worths[0][at] += by * (1.0 + gain * (1.0 - w[9]))
    worths[1][at] -= by * s * gain / (11.0 - d)
    worths[2][at] -= by * s * factor * raised * w[10]
    gradient[8] += float(by @ (s * gain))
    gradient[9] -= float(by @ (s * gain * np.log(s)))
    gradient[10] += float(by @ (s * factor * raised * forgotten))
    plain = by * s * np.exp(w[8]) * (11.0 - d) * s ** -w[9] * (raised - 1.0)
    gradient[15] += float(plain[grade[at] == 2].sum())
    gradient[16] += float(plain[grade[at] == 4].sum())


def _again_backward(b: Before, place: Place, w: Floats, by_s: Floats, worths: Worths, gradient: Floats) -> None:
    at = place.again
    if not len(at):
        return
    by, s, d, forgotten = by_s[at], b.s[at], b.d[at], 1.0 - b.recall[at]
    long, short = _long(b, at, w), b.s[at] * np.exp(-w[17] * w[18])
    is_long = long < short
    by_long, by_short = np.where(is_long, by, 0.0), np.where(is_long, 0.0, by)
    front = w[11] * d ** -w[12] * np.exp(w[14] * forgotten)
    worths[0][at] += by_long * front * w[13] * (s + 1.0) ** (w[13] - 1.0) + by_short * np.exp(-w[17] * w[18])
    worths[1][at] -= by_long * w[12] * long / d
    worths[2][at] -= by_long * w[14] * long
    gradient[11] += float(by_long @ long) / w[11]
    gradient[12] -= float(by_long @ (long * np.log(d)))
    gradient[13] += float(by_long @ (front * (s + 1.0) ** w[13] * np.log(s + 1.0)))
    gradient[14] += float(by_long @ (long * forgotten))
    gradient[17] -= w[18] * float(by_short @ short)
    gradient[18] -= w[17] * float(by_short @ short)


def _same_day_backward(
    b: Before, grade: Floats, place: Place, w: Floats, by_s: Floats, before_s: Floats, gradient: Floats
) -> None:
    at = place.same_day
    if not len(at):
        return
    s, g = b.s[at], grade[at]
    increase = np.exp(w[17] * (g - 3.0 + w[18])) * s ** -w[19]
    moved = (g < 2) | (increase > 1.0)
    before_s[at] += by_s[at] * np.where(moved, (1.0 - w[19]) * increase, 1.0)
    by = np.where(moved, by_s[at], 0.0) * s * increase
    gradient[17] += float(by @ (g - 3.0 + w[18]))
    gradient[18] += w[17] * float(by.sum())
    gradient[19] -= float(by @ np.log(s))
