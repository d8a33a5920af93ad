"""Which post of the scheme a roster means by its own word for it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from gridadmin.domain.model import AreaKind
from gridadmin.domain.scheme import Post, Scheme
from gridadmin.exchange.roster_areas import distance_at_most_one
from gridadmin.exchange.roster_places import RosterPlace, word_of_level
from gridadmin.exchange.roster_preview import Ask, Fault, Option
from gridadmin.exchange.roster_values import squeezed

_BRACKETS = re.compile(r"\(.*?\)")
_BETWEEN = re.compile(r"[、,，/;；]")
_EXCLUSIVE = "专属"


class PostFinder:
    """Finds posts of a scheme by name, key or English name."""

    def __init__(self, scheme: Scheme, answers: Mapping[str, str]) -> None:
        self._scheme = scheme
        self._answers = answers
        self._forms: dict[str, list[Post]] = {}
        for post in scheme.posts:
            for form in _forms(post):
                self._forms.setdefault(form, []).append(post)
        self._known: dict[tuple[str, str, str], tuple[Post, ...] | Fault | list[Ask]] = {}

    def find(self, said: str, area: RosterPlace) -> tuple[Post, ...] | Fault | list[Ask]:
        """Return the posts that a cell names on a place, what is wrong, or what to ask."""
        key = said, area.level, str(area.kind)
        if key not in self._known:
            self._known[key] = self._found(said, area)
        return self._known[key]

    def _found(self, said: str, area: RosterPlace) -> tuple[Post, ...] | Fault | list[Ask]:
        whole = self._one(said, area)
        parts = [part for part in _BETWEEN.split(said) if part.strip()]
        if isinstance(whole, Post) or len(parts) < _SEVERAL:
            return (whole,) if isinstance(whole, Post) else whole
        found = [self._one(part, area) for part in parts]
        posts = tuple(dict.fromkeys(one for one in found if isinstance(one, Post)))
        return posts if len(posts) == len(parts) else whole

    def _one(self, said: str, area: RosterPlace) -> Post | Fault | list[Ask]:
        form = squeezed(said).lower()
        here = self._scheme.posts_on(area.level, area.kind)
        named = self._forms.get(form, [])
        if area.kind == AreaKind.EXCLUSIVE:
            named = [*named, *self._forms.get(f"{_EXCLUSIVE}{form}", [])]
        for post in named:
            if post in here:
                return post
        if named:
            params = {"post": named[0].zh, "area": area.name, "known": _names(here)}
            return Fault("post", "roster.post_not_here", params)
        near = [post for post in here if any(_is_near(form, one) for one in _forms(post))]
        if not near:
            params = {"post": said, "known": _names(here)}
            return Fault("post", "roster.unknown_post", params)
        where = word_of_level(self._scheme, area.level)
        ask = Ask("post", "post", form, where, tuple(Option(one.key, one.zh) for one in near))
        answer = ask.answer(self._answers)
        return next((one for one in near if one.key == answer), [ask])


_SEVERAL = 2


def _forms(post: Post) -> set[str]:
    name = squeezed(post.zh)
    return {name.lower(), _BRACKETS.sub("", name).lower(), squeezed(post.en).lower(), post.key}


def _is_near(said: str, form: str) -> bool:
    return len(form) > 1 and (form in said or said in form or distance_at_most_one(said, form))


def _names(posts: tuple[Post, ...]) -> str:
    return "、".join(post.zh for post in posts)
