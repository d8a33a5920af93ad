"""What a change does to posts, in words."""

from __future__ import annotations

from gridadmin.app.posts_affected import PostsAffected
from ui.texts import tr


def posts_words(posts: PostsAffected) -> str:
    """Return who loses the area of a post, and how many more or fewer seats are asked for."""
    parts = []
    if posts.posts_gone:
        parts.append(
            tr("{n} 个岗位（{m} 人）需要重新安排", n=posts.posts_gone, m=posts.persons_gone)
        )
    if posts.seats_before != posts.seats_after:
        parts.append(
            tr("应有岗位 {before} → {after}", before=posts.seats_before, after=posts.seats_after)
        )
    return tr("，").join(parts)
