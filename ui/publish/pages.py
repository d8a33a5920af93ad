"""The pages of the drawer of publishing, in their order; each is imported when first shown."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ui.publish.desk import PageSpec, PublishDesk
from ui.texts import mark


def _releases(desk: PublishDesk) -> QWidget:
    from ui.publish.releases_page import ReleasesPage

    return ReleasesPage(desk)


def _comparison(desk: PublishDesk) -> QWidget:
    from ui.publish.comparison_page import ComparisonPage

    return ComparisonPage(desk)


def _packages(desk: PublishDesk) -> QWidget:
    from ui.publish.packages_page import PackagesPage

    return PackagesPage(desk)


def _audit(desk: PublishDesk) -> QWidget:
    from ui.publish.audit_page import AuditPage

    return AuditPage(desk)


def _targets(desk: PublishDesk) -> QWidget:
    from ui.publish.targets_page import TargetsPage

    return TargetsPage(desk)


def _queue(desk: PublishDesk) -> QWidget:
    from ui.publish.queue_page import QueuePage

    return QueuePage(desk)


PAGES: tuple[PageSpec, ...] = (
    PageSpec("releases", mark("发布版本"), _releases),
    PageSpec("comparison", mark("版本对比"), _comparison),
    PageSpec("packages", mark("工作包"), _packages),
    PageSpec("targets", mark("发布目标"), _targets),
    PageSpec("queue", mark("待发队列"), _queue),
    PageSpec("audit", mark("发送记录"), _audit),
)
