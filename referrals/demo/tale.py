"""One child of the demo story: what is told of it, and who knows it."""

import tomllib
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cases.models import Case
from portal.context import Actor
from portal.models import Service
from referrals.demo.crew import Clock, Crew

HERE = Path(__file__).parent
THEMES: dict[str, Any] = tomllib.loads((HERE / "themes.toml").read_text(encoding="utf-8"))
CHILDREN: list[dict[str, Any]] = tomllib.loads((HERE / "children.toml").read_text(encoding="utf-8"))["child"]
# Every child of the story has the same id each time it is told, so that telling it again adds nothing.
NAMESPACE = uuid.UUID("7f9f3c1e-52a5-4d8c-9b63-9d3f1a0b6a11")


@dataclass
class Tale:
    """One child's story while it is being told."""

    spec: dict[str, Any]
    crew: Crew
    clock: Clock
    number: int
    case: Case = field(init=False)

    @property
    def theme(self) -> dict[str, Any]:
        """The texts of the child's theme."""
        return dict(THEMES[self.spec["theme"]])

    @property
    def stage(self) -> str:
        """How far the case has come."""
        return str(self.spec["stage"])

    @property
    def small(self) -> bool:
        """Whether the child is in kindergarten rather than school."""
        return 0 <= int(self.spec["age"]) < 6

    @property
    def teacher(self) -> Actor:
        """Who knows the child in the kindergarten or the school of its age."""
        if self.small:
            return self.crew.kindergarten
        return self.crew.upper_secondary if int(self.spec["age"]) >= 16 else self.crew.teacher

    @property
    def reporter(self) -> Actor:
        """Who records the concern: the school or kindergarten, else the helsestasjon."""
        if self.spec["age"] < 0 or self.spec["theme"] == "eating":
            return self.crew.health_visitor
        return self.teacher

    @property
    def writers(self) -> list[Actor]:
        """The services that know the child, and so contribute."""
        known = [self.teacher, self.crew.ppt, self.crew.health_visitor]
        return [*known, self.crew.child_protection] if self.number % 4 == 0 else known

    @property
    def outside(self) -> Service | None:
        """A service that knows the child and has no users: what it wrote comes as a letter."""
        if self.stage != "ready":
            return None
        return Service.objects.get(key=f"{self.crew.place}-helse-og-omsorg")

    def identity(self, name: str) -> uuid.UUID:
        """The fixed id of a thing in this child's story."""
        return uuid.uuid5(NAMESPACE, f"{self.spec['name']}/{name}")
