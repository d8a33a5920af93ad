"""Who could fill which seat, and which unit could be paired with which place: proposals, no edits.

``tiers`` are the goals and their order, ``task`` the question in numbers, ``matching`` one exact
answer with its prices, ``solve`` the best answer by all goals, proven over every possible pair.
"""
