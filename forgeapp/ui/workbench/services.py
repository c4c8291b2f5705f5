"""What the window needs of the services; the composition root gives them, built after the first paint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from forgeapp.credentials import Credentials
    from forgeapp.domain.number_look import NumberLooks
    from forgeapp.ledger import Ledger
    from forgeapp.ledger.budgets import Cap
    from forgeapp.paths import Home
    from forgeapp.services.archive.archives import Archives
    from forgeapp.services.asking.breaker import Breakers
    from forgeapp.services.asking.connections import Connections
    from forgeapp.services.asking.rate_limits import RateLimits
    from forgeapp.services.asking.registry import Registry
    from forgeapp.services.calculation import Calculation
    from forgeapp.services.checking import Checking
    from forgeapp.services.exporting.exports import Exports
    from forgeapp.services.exporting.pages import Pages
    from forgeapp.services.exporting.previews import Previews
    from forgeapp.services.files import Files
    from forgeapp.services.forge import Forge
    from forgeapp.services.handwork import Handwork
    from forgeapp.services.revising.reviews import Reviews
    from forgeapp.settings import Settings


class Services(Protocol):
    """`forgeapp.app.App` is one.

    What is a property here may be built when it is asked for first, which takes its time: ask in a job.
    """

    home: Home
    settings: Settings
    ledger: Ledger
    credentials: Credentials
    connections: Connections

    @property
    def app_key_cap(self) -> Cap: ...
    @property
    def number_looks(self) -> NumberLooks: ...
    @property
    def breakers(self) -> Breakers: ...
    @property
    def limits(self) -> RateLimits: ...
    @property
    def registry(self) -> Registry: ...
    @property
    def forge(self) -> Forge: ...
    @property
    def handwork(self) -> Handwork: ...
    @property
    def exports(self) -> Exports: ...
    @property
    def archives(self) -> Archives: ...
    @property
    def files(self) -> Files: ...
    @property
    def pages(self) -> Pages: ...
    @property
    def previews(self) -> Previews: ...
    @property
    def reviews(self) -> Reviews: ...
    @property
    def calculation(self) -> Calculation: ...
    @property
    def checking(self) -> Checking: ...

    def use_settings(self, settings: Settings) -> None: ...
    def close(self) -> None: ...
