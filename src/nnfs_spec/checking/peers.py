"""Checks peer libraries, and pairs every clause that fails with its known reason."""

from nnfs_spec.adapters.isolated import IsolatedSubject, TargetError
from nnfs_spec.adapters.options import PEER
from nnfs_spec.adapters.peers.reasons import CHOSEN, REASONS, Chosen
from nnfs_spec.adapters.peers.registry import PEERS, missing, versions
from nnfs_spec.checking.api import check_isolated
from nnfs_spec.engine.events import Listener
from nnfs_spec.engine.options import CheckOptions
from nnfs_spec.reports.peers import Column

TIMEOUT = 60.0
"""Seconds for a session of calls: some compile."""


def check_peer(name: str, budget: Chosen, listen: Listener = lambda event: None) -> Column:
    """Check one peer, advice included, with at most the budget that it is given, if it is installed."""
    peer = PEERS[name]
    reasons = REASONS[name]
    given = CHOSEN[min(CHOSEN.index(budget), CHOSEN.index(peer.most))]
    due = frozenset(id for id, reason in reasons.items() if reason.due(given))
    texts = {id: reason.text for id, reason in reasons.items()}
    if lacking := missing(name):
        return Column(name, peer.title, {}, None, f"{', '.join(lacking)} not installed", texts, due)
    try:
        options = CheckOptions(level="should", budget=given, timeout=TIMEOUT)
        report = check_isolated(IsolatedSubject(PEER + name, TIMEOUT, wait=False), options, listen=listen)
    except TargetError as problem:
        return Column(name, peer.title, versions(name), None, str(problem), texts, due)
    return Column(name, peer.title, versions(name), report, "", texts, due)
