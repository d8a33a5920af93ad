"""What a change does to posts: who stands on areas that vanish, how many seats are asked for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from gridadmin.domain.people import Assignment
from gridadmin.edit.document import Done
from gridadmin.partition.snapshot import Snapshot
from gridadmin.staffing.book import mode_on
from gridadmin.staffing.needs import seats_asked_for


@dataclass(frozen=True)
class PostsAffected:
    """Posts and the persons on them whose area vanishes; seats asked for before and after.

    The seats are those of the areas concerned; they follow from the scheme, from what was set by
    hand, and by a ratio from the households.
    """

    posts_gone: int = 0
    persons_gone: int = 0
    seats_before: int = 0
    seats_after: int = 0

    @property
    def is_any(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.posts_gone) or self.seats_before != self.seats_after


NO_POSTS = PostsAffected()


def posts_affected(done: Done, areas: Collection[str]) -> PostsAffected:
    """Return what a change does to the posts on areas concerned, by uid."""
    if not done.before.rows("assignment") and not done.after.rows("assignment"):
        return NO_POSTS
    gone = [uid for uid in areas if _lives(done.before, uid) and not _lives(done.after, uid)]
    held = held_on(done.before, gone)
    return PostsAffected(
        len(held),
        len({one.person for one in held}),
        _seats(done.before, areas),
        _seats(done.after, areas),
    )


def held_on(snapshot: Snapshot, areas: Collection[str]) -> list[Assignment]:
    """Return the assignments on areas that aren't over yet."""
    today = datetime.now().astimezone().date().isoformat()
    return [
        one
        for uid in areas
        for one in snapshot.linked("assignment", uid)
        if one.anchor == uid and (one.valid_to is None or one.valid_to > today)
    ]


def _lives(snapshot: Snapshot, uid: str) -> bool:
    area = snapshot.rows("area").get(uid)
    return area is not None and area.valid_to is None


def _seats(snapshot: Snapshot, areas: Collection[str]) -> int:
    mode = mode_on(snapshot, "")
    return sum(
        seats_asked_for(snapshot, snapshot.area(uid), mode)
        for uid in areas
        if _lives(snapshot, uid)
    )
