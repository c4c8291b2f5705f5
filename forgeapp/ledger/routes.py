"""Which tier or model answers what, and how: for a conversation, a project, or everywhere."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, false, func, or_, select

from forgeapp.domain.artifact import Kind
from forgeapp.domain.request import NO_PARAMETERS, Parameters, Tier
from forgeapp.errors import UsageError
from forgeapp.ledger.database import Database
from forgeapp.ledger.projects import ensure_project, find_project, project_of
from forgeapp.ledger.tables import conversations, projects, routes
from forgeapp.ledger.words import read_words


@dataclass(frozen=True, slots=True)
class Route:
    """`project`, `conversation`: where it holds; both None: everywhere. `kind`, `size` ('small' or 'large'): for which
    tasks; None: for all. `tier`, `model` ('PROVIDER/MODEL'), `parameters`: what is wanted; None leaves it to others.
    """

    project: str | None = None
    conversation: int | None = None
    kind: Kind | None = None
    size: str | None = None
    tier: Tier | None = None
    model: str | None = None
    parameters: Parameters = NO_PARAMETERS


class Routes:
    def __init__(self, database: Database) -> None:
        self._database = database

    def set(self, route: Route) -> None:
        """In place of the one for the same place, kind and size. A project that is not there is made.

        Raises UsageError for a conversation that is not there.
        """
        with self._database.writing() as connection:
            _require_conversation(connection, route.conversation)
            project = ensure_project(connection, route.project) if route.project is not None else None
            connection.execute(routes.delete().where(_is_at(project, route.conversation, route.kind, route.size)))
            connection.execute(
                routes.insert().values(
                    project_id=project,
                    conversation_id=route.conversation,
                    kind=route.kind.value if route.kind else None,
                    size=route.size,
                    tier=route.tier.value if route.tier else None,
                    model=route.model,
                    temperature=route.parameters.temperature,
                    output_tokens=route.parameters.max_output_tokens,
                    stop_json=json.dumps(route.parameters.stop),
                )
            )

    def remove(self, project: str | None, conversation: int | None, kind: Kind | None, size: str | None) -> None:
        """Where there is none, nothing happens."""
        with self._database.writing() as connection:
            project_id = find_project(connection, project) if project is not None else None
            if project is None or project_id is not None:
                connection.execute(routes.delete().where(_is_at(project_id, conversation, kind, size)))

    def all(self) -> list[Route]:
        """Those that hold everywhere first, then by project and conversation; the more particular behind."""
        query = _ROUTES.order_by(
            func.coalesce(routes.c.conversation_id, 0), projects.c.name, routes.c.kind, routes.c.size, routes.c.id
        )
        with self._database.reading() as connection:
            return [_route(row) for row in connection.execute(query)]

    def applying(self, conversation: int | None, project: str | None) -> list[Route]:
        """The most particular first: the conversation's, its project's, then those that hold everywhere; in each for
        kind and size, for a kind, for a size, for all.

        `project` counts outside a conversation only.
        """
        with self._database.reading() as connection:
            project_id = project_of(connection, conversation, project)
            of_conversation = routes.c.conversation_id == conversation if conversation is not None else false()
            of_project = routes.c.project_id == project_id if project_id is not None else false()
            own = or_(
                of_conversation,
                and_(routes.c.conversation_id.is_(None), or_(of_project, routes.c.project_id.is_(None))),
            )
            query = _ROUTES.where(own).order_by(
                routes.c.conversation_id.is_(None),
                routes.c.project_id.is_(None),
                routes.c.kind.is_(None),
                routes.c.size.is_(None),
                routes.c.id,
            )
            return [_route(row) for row in connection.execute(query)]


_ROUTES = (
    select(routes, projects.c.name.label("project"))
    .select_from(routes.outerjoin(projects))
    # A newer program may know more kinds.
    .where(routes.c.kind.is_(None) | routes.c.kind.in_([kind.value for kind in Kind]))
)


def _is_at(project: int | None, conversation: int | None, kind: Kind | None, size: str | None) -> ColumnElement[bool]:
    """The same place and the same tasks, NULL being equal to NULL."""
    return and_(
        routes.c.project_id.is_not_distinct_from(project),
        routes.c.conversation_id.is_not_distinct_from(conversation),
        routes.c.kind.is_not_distinct_from(kind.value if kind else None),
        routes.c.size.is_not_distinct_from(size),
    )


def _require_conversation(connection: Connection, conversation: int | None) -> None:
    if conversation is not None:
        known = select(conversations.c.id).where(conversations.c.id == conversation)
        if connection.execute(known).first() is None:
            raise UsageError(reason=f"There is no conversation {conversation}.")


def _route(row: Any) -> Route:
    return Route(
        project=row.project,
        conversation=row.conversation_id,
        kind=Kind(row.kind) if row.kind is not None else None,
        size=row.size,
        tier=Tier(row.tier) if row.tier in tuple(Tier) else None,
        model=row.model,
        parameters=Parameters(row.temperature, row.output_tokens, read_words(row.stop_json)),
    )
