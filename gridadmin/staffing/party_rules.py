"""Rules about the party tree: what hangs below what, and where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from gridadmin.domain.people import PartyNode
from gridadmin.domain.scheme import Check
from gridadmin.staffing.book import StaffBook
from gridadmin.staffing.finding import StaffFinding, on_whole

ABOVE: Mapping[str, tuple[str, ...]] = {
    "work_committee": (),
    "community_committee": ("work_committee",),
    # A general branch has branches below it, and both are of this kind.
    "branch": ("community_committee", "branch"),
    "group": ("branch",),
}
"""Below which kinds an organisation of a kind may hang."""


@on_whole("party_node", "area")
def party_tree(book: StaffBook, check: Check) -> Iterator[StaffFinding]:
    """Party organisations that hang below one of a wrong kind, of another place, or below none."""
    nodes = {node.uid: node for node in book.party_nodes()}
    kinds_on = _kinds_by_area(nodes.values())
    rows = book.snapshot.rows("area")
    for node in nodes.values():
        above = nodes.get(node.parent or "")
        fault = _fault(book, node, above, kinds_on)
        if fault is None:
            continue
        params = {"node": node.name}
        if above is not None:
            params["above"] = above.name
        area = node.area if node.area in rows else None
        yield StaffFinding(check.key, check.severity, area, None, node.uid, params, fault)


def fault_of(book: StaffBook, node: PartyNode) -> tuple[str, Mapping[str, str]] | None:
    """Return what is wrong with where an organisation hangs, as it is or would be; None = nothing.

    It is the key of a finding's sentence and what stands in it.
    """
    nodes = {one.uid: one for one in book.party_nodes()}
    above = nodes.get(node.parent or "")
    fault = _fault(book, node, above, _kinds_by_area(nodes.values()))
    if fault is None:
        return None
    params = {"node": node.name}
    return fault, params if above is None else {**params, "above": above.name}


def _fault(
    book: StaffBook,
    node: PartyNode,
    above: PartyNode | None,
    kinds_on: Mapping[str, set[str]],
) -> str | None:
    """Return the sentence of what is wrong with where an organisation hangs, None for nothing."""
    chain = _chain(book, node.area)
    if above is None:
        near = set().union(*(kinds_on[uid] for uid in chain if uid in kinds_on))
        wanted = {kind for kind in ABOVE[node.kind] if kind != node.kind}
        return "party_tree_alone" if near & wanted else None
    if above.kind not in ABOVE[node.kind]:
        return "party_tree"
    is_elsewhere = bool(chain) and above.area is not None and above.area not in chain
    return "party_tree_place" if is_elsewhere else None


def _chain(book: StaffBook, area: str | None) -> list[str]:
    """Return an area and all above it; nothing for none, or one that is gone."""
    row = None if area is None else book.snapshot.rows("area").get(area)
    if row is None or row.valid_to is not None:
        return []
    return [row.uid, *(one.uid for one in book.snapshot.ancestors(row.uid))]


def _kinds_by_area(nodes: Iterable[PartyNode]) -> Mapping[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for node in nodes:
        if node.area is not None:
            found[node.area].add(node.kind)
    return found
