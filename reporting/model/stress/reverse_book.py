"""The reverse-stress problem of a book, and the likelihood of its answer.

Belongs here: the step from positions and states to the arrays of ``reverse``, and from an
answer back to states in words with their joint probability.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reporting.model.errors import ModelError
from reporting.model.margin.schedule import of_category
from reporting.model.stress.joint_probability import (
    ResolvedState,
    correlated_probability,
    independent_probability,
)
from reporting.model.stress.latent import Variable, variables_of
from reporting.model.stress.resolutions import largest_events
from reporting.model.stress.reverse import Resolvable, ReverseProblem, ReverseStress
from reporting.model.stress.stress_book import StressBook


@dataclass(frozen=True)
class BookProblem:
    """The problem, and the variable and category of each of its events."""

    problem: ReverseProblem
    parts: Sequence[Variable]
    categories: Sequence[str]


def reverse_problem(book: StressBook, max_events: int, common: int) -> BookProblem:
    """The problem of resolving the ``max_events`` largest events.

    Contracts without joint states resolve one by one; impossible states are excluded. common:
    prefunded resources that do not depend on who defaults, micros. Customers with margin above
    the sum of their worst losses are left out, because no set of resolutions can exceed it.
    """
    if max_events < 1:
        raise ModelError("max_events", "must be at least 1")
    unit_of, group, is_house, margin = _units(book)
    events, used, categories = [], [], []
    for event in largest_events(book.market.events, max_events):
        first = int(book.market.contracts(event.terms.event_ticker)[0])
        for part in variables_of(event):
            losses = _losses(book, first + part.legs, part, unit_of, len(group))
            events.append(
                Resolvable(
                    part.name,
                    tuple(part.labels[s] for s in part.possible.tolist()),
                    losses[part.possible],
                )
            )
            used.append(part)
            categories.append(event.category)
    worst = sum((np.maximum(e.losses.max(axis=0), 0) for e in events), np.zeros_like(margin))
    kept = is_house | (worst > margin)
    problem = ReverseProblem(
        [Resolvable(e.name, e.states, np.ascontiguousarray(e.losses[:, kept])) for e in events],
        group[kept],
        is_house[kept],
        margin[kept],
        book.own_fund,
        common,
    )
    return BookProblem(problem, used, categories)


def _units(book: StressBook) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Unit of each account; group, is_house and margin of each unit.

    The units are one house unit per group, then one unit per customer.
    """
    accounts, groups = book.accounts, len(book.groups)
    house = accounts.is_house.astype(bool)
    unit_of = np.where(house, accounts.group, groups + np.cumsum(~house) - 1)
    margin = np.zeros(groups + int((~house).sum()), dtype=np.int64)
    np.add.at(margin, unit_of, accounts.margin)
    group = np.concatenate((np.arange(groups), accounts.group[~house]))
    return unit_of, group, np.arange(len(group)) < groups, margin


def _losses(
    book: StressBook, contracts: np.ndarray, part: Variable, unit_of: np.ndarray, units: int
) -> np.ndarray:
    """Loss of each unit in each state: int64[states, units]."""
    held, marks = book.positions, book.market.marks
    losses = np.zeros((units, part.payoffs.shape[1]), dtype=np.int64)
    falls = marks[contracts][:, None] - part.payoffs
    held.refuse_overflow(int(np.abs(falls).max(initial=0)))
    for leg, contract in enumerate(contracts.tolist()):
        rows = slice(held.start[contract], held.start[contract + 1])
        np.add.at(losses, unit_of[held.account[rows]], held.qty[rows][:, None] * falls[leg])
    return losses.T


@dataclass(frozen=True)
class Likelihood:
    """Probability of an answer.

    resolutions: (name, state) in words; probabilities: of each; independent, correlated: joint
    probability under independence and under the model's correlation.
    """

    resolutions: tuple[tuple[str, str], ...]
    probabilities: tuple[float, ...]
    independent: float
    correlated: float


def likelihood(problem: BookProblem, answer: ReverseStress, rho: Mapping[str, float]) -> Likelihood:
    """Probability of the answer, given that its events resolve.

    rho: correlation by category, with "default". Raises ModelError if no set was found.
    """
    if answer.resolutions is None:
        raise ModelError("resolutions", "no set of resolutions was found")
    words, resolved = [], []
    for event, state in answer.resolutions:
        part, category = problem.parts[event], problem.categories[event]
        number = int(part.possible[state])
        cumulative = np.clip(np.concatenate(([0.0], np.cumsum(part.probabilities))), 0.0, 1.0)
        words.append((part.name, part.labels[number]))
        after = 1.0 if number == len(part.probabilities) - 1 else float(cumulative[number + 1])
        before = min(float(cumulative[number]), after)
        # Only ordered events have a common direction.
        correlation = of_category(rho, category) if part.ordered else 0.0
        resolved.append(ResolvedState(category, correlation, before, after))
    return Likelihood(
        tuple(words),
        tuple(state.after - state.before for state in resolved),
        independent_probability(resolved),
        correlated_probability(resolved),
    )
