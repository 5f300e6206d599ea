"""A small world for tests: one community with services and people; cases are made through the actions."""

import datetime as dt
import itertools
from dataclasses import dataclass, field

from django.test import Client
from django.utils import timezone

from guideline import editions
from guideline.models import EditionVersion
from portal.context import Actor
from portal.identity.sortkey import sort_key
from portal.models import (
    CommunityMembership,
    HealthCommunity,
    Membership,
    Organisation,
    Profession,
    Role,
    Service,
    ServiceArea,
    ServiceKind,
    User,
)

_numbers = itertools.count(1)
FIRST_DAY = dt.date(2020, 1, 1)


@dataclass
class World:
    """What tests reach for: ``world.school``, ``world.actor(Role.GP, world.gp)``, ``world.client(actor)``."""

    community: HealthCommunity
    municipality: Organisation
    other_municipality: Organisation
    hospital: Organisation
    school: Service
    kindergarten: Service
    ppt: Service
    health_visitor: Service
    gp: Service
    child_protection: Service
    coordinating_unit: Service
    emergency_clinic: Service
    bup: Service
    habu: Service
    ward: Service
    other_school: Service
    secretariat: Service
    administration: Service
    actors: dict[tuple[str, str], Actor] = field(default_factory=dict)

    @classmethod
    def build(cls) -> "World":
        """Writes the world's rows."""
        community = HealthCommunity.objects.create(
            slug="nordre-trondelag", name="Helsefellesskapet nordre Trøndelag", prefix="NT"
        )
        load_edition(community)
        town = organisation("Fjordvik kommune", Organisation.Kind.MUNICIPALITY, community, "9901")
        other = organisation("Skogdal kommune", Organisation.Kind.MUNICIPALITY, community, "9902")
        trust = organisation("Sykehuset i Fjordvik", Organisation.Kind.HOSPITAL_TRUST, community)
        kinds = ServiceKind

        def local(name: str, kind: str, where: Organisation = town) -> Service:
            return service(name, kind, where, [town])

        def department(name: str, kind: str) -> Service:
            return service(name, kind, trust, [town, other], receives_referrals=True)

        return cls(
            community=community,
            municipality=town,
            other_municipality=other,
            hospital=trust,
            school=local("Fjordvik skole", kinds.SCHOOL),
            kindergarten=local("Fjordvik barnehage", kinds.KINDERGARTEN),
            ppt=local("PPT Fjordvik", kinds.PPT),
            health_visitor=local("Fjordvik helsestasjon", kinds.HEALTH_VISITOR),
            gp=local("Fjordvik legesenter", kinds.GP_OFFICE),
            child_protection=local("Fjordvik barnevern", kinds.CHILD_PROTECTION),
            coordinating_unit=local("Koordinerende enhet Fjordvik", kinds.COORDINATING_UNIT),
            emergency_clinic=local("Fjordvik legevakt", kinds.EMERGENCY_CLINIC),
            bup=department("BUP Fjordvik", kinds.BUP),
            habu=department("HABU Fjordvik", kinds.HABU),
            ward=department("Barneavdelingen Fjordvik", kinds.CHILDRENS_WARD),
            other_school=service("Skogdal skole", kinds.SCHOOL, other, [other]),
            secretariat=service("Nettverkets sekretariat", kinds.SECRETARIAT, trust, []),
            administration=service("Portaladministrasjonen", kinds.PORTAL_ADMINISTRATION, trust, []),
        )

    def actor(self, role: str, at: Service, name: str = "") -> Actor:
        """One person per role and service (and name), made when first asked for."""
        key = (f"{role}{name}", at.key)
        if key not in self.actors:
            self.actors[key] = actor(role, at, self.community, name)
        return self.actors[key]

    @property
    def coordinator(self) -> Actor:
        """The coordinator of the town's coordinating unit: who usually holds cases in tests."""
        return self.actor(Role.COORDINATOR, self.coordinating_unit)

    @property
    def teacher(self) -> Actor:
        """A contributor in the school."""
        return self.actor(Role.CONTRIBUTOR, self.school)

    @property
    def doctor(self) -> Actor:
        """A GP with HPR number, entitled to refer."""
        return self.actor(Role.GP, self.gp)

    @property
    def intake(self) -> Actor:
        """An intake nurse at BUP."""
        return self.actor(Role.INTAKE, self.bup)

    def client(self, who: Actor) -> Client:
        """A logged-in test client acting in the actor's membership."""
        client = Client()
        client.force_login(who.person, backend="allauth.account.auth_backends.AuthenticationBackend")
        session = client.session
        session["acting_as"] = str(who.seat.pk)
        session.save()
        return client


def load_edition(community: HealthCommunity) -> EditionVersion | None:
    """Loads the community's edition as the command does."""
    from django.core.management import call_command

    editions.refresh()
    call_command("load_editions", verbosity=0)
    return EditionVersion.objects.filter(community=community).first()


def organisation(name: str, kind: str, community: HealthCommunity, number: str | None = None) -> Organisation:
    """An organisation that is a member of the community."""
    made = Organisation.objects.create(
        key=f"org-{next(_numbers)}", kind=kind, name=name, sort_key=sort_key(name), municipality_number=number
    )
    CommunityMembership.objects.create(organisation=made, community=community, valid_from=FIRST_DAY)
    return made


def service(
    name: str, kind: str, where: Organisation, serves: list[Organisation], *, receives_referrals: bool = False
) -> Service:
    """A service and the municipalities it serves."""
    made = Service.objects.create(
        key=f"service-{next(_numbers)}",
        organisation=where,
        kind=kind,
        name=name,
        sort_key=sort_key(name),
        receives_referrals=receives_referrals,
        phone="70 00 00 00",
    )
    for municipality in serves:
        ServiceArea.objects.create(service=made, municipality=municipality, valid_from=FIRST_DAY)
    return made


PROFESSIONS = {
    Role.GP: Profession.DOCTOR,
    Role.PSYCHOLOGIST: Profession.PSYCHOLOGIST,
    Role.CHILD_PROTECTION_LEADER: Profession.CHILD_WELFARE,
    Role.INTAKE: Profession.NURSE,
}


def actor(role: str, at: Service, community: HealthCommunity, name: str = "") -> Actor:
    """A person with an approved membership."""
    number = next(_numbers)
    full_name = name or f"Person {number}"
    user = User.objects.create_user(
        f"person{number}@eksempel.invalid",
        "et-langt-passord-1",
        name=full_name,
        sort_key=sort_key(full_name),
        profession=PROFESSIONS.get(Role(role), Profession.NONE),
        hpr_number=f"{900000000 + number}" if role in {Role.GP, Role.PSYCHOLOGIST, Role.INTAKE} else "",
    )
    now = timezone.now()
    membership = Membership.objects.create(
        user=user,
        service=at,
        community=community,
        role=role,
        valid_from=FIRST_DAY,
        approved_at=now,
        approved_by=user,
    )
    membership = Membership.objects.select_related("user", "service__organisation", "community").get(pk=membership.pk)
    return Actor(user=user, membership=membership)
