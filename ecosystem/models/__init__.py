from ecosystem.models.audit import AuditEntry, AuditLink
from ecosystem.models.base import ContentModel, TenantModel
from ecosystem.models.delegations import COURSE_POWERS, GROUP_POWERS, Delegation, Power, Reach
from ecosystem.models.elements import Availability, Connection, ConnectionKind, Credit, Element, Lifecycle, Visibility
from ecosystem.models.environments import Environment, EnvironmentAncestor, EnvironmentSetting, Font, Host
from ecosystem.models.groups import Group, GroupMember
from ecosystem.models.housekeeping import EnvironmentExport, SeatEntry, StoredFile
from ecosystem.models.identity import IdentityProvider
from ecosystem.models.invitations import Invitation, InvitationState, PeopleImport
from ecosystem.models.keys import ElementKey, PartKey, PersonKey, TenantKey
from ecosystem.models.people import STAFF, Membership, Person, Role
from ecosystem.models.privacy import DataExport, Erasure, ErasureState, ExportState
from ecosystem.models.search import SearchEntry
from ecosystem.models.security import CompositeKey, RowSecurity
from ecosystem.models.sign_in import AccountLetter, SignIn, SignInMethod

__all__ = [
    "COURSE_POWERS",
    "GROUP_POWERS",
    "STAFF",
    "AccountLetter",
    "AuditEntry",
    "AuditLink",
    "Availability",
    "CompositeKey",
    "Connection",
    "ConnectionKind",
    "ContentModel",
    "Credit",
    "DataExport",
    "Delegation",
    "Element",
    "ElementKey",
    "Environment",
    "EnvironmentAncestor",
    "EnvironmentExport",
    "EnvironmentSetting",
    "Erasure",
    "ErasureState",
    "ExportState",
    "Font",
    "Group",
    "GroupMember",
    "Host",
    "IdentityProvider",
    "Invitation",
    "InvitationState",
    "Lifecycle",
    "Membership",
    "PartKey",
    "PeopleImport",
    "Person",
    "PersonKey",
    "Power",
    "Reach",
    "Role",
    "RowSecurity",
    "SearchEntry",
    "SeatEntry",
    "SignIn",
    "SignInMethod",
    "StoredFile",
    "TenantKey",
    "TenantModel",
    "Visibility",
]
