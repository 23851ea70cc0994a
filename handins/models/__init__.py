from handins.models.assignments import Assignment, CompletedBy, Extension, Rubric
from handins.models.comments import SavedComment
from handins.models.confirming import Confirmation, ConfirmationState, Confirmer
from handins.models.conflicts import Conflict
from handins.models.double import AgreedBy, Agreement, IndependentMark
from handins.models.exemplars import Exemplar, ExemplarState
from handins.models.moderation import Moderated, Moderation, Picked, Verdict
from handins.models.peer_training import PeerBlend, PeerSample, PeerTry
from handins.models.peers import PeerPhase, PeerPlan, PeerReview, PeerState
from handins.models.remarks import HandinPage, Remark
from handins.models.reveals import Reveal
from handins.models.rounds import FeedbackFile, HandinFile, Mark, Round, RoundState, Submission
from handins.models.similarity import Fingerprint, FingerprintValue, OutsideReport, Similarity
from handins.models.teams import Adjustment, Share, Team, TeamAct, TeamDeed, TeamMember
from handins.models.uploads import Upload, UploadPart

__all__ = [
    "Adjustment",
    "AgreedBy",
    "Agreement",
    "Assignment",
    "CompletedBy",
    "Confirmation",
    "ConfirmationState",
    "Confirmer",
    "Conflict",
    "Exemplar",
    "ExemplarState",
    "Extension",
    "FeedbackFile",
    "Fingerprint",
    "FingerprintValue",
    "HandinFile",
    "HandinPage",
    "IndependentMark",
    "Mark",
    "Moderated",
    "Moderation",
    "OutsideReport",
    "PeerBlend",
    "PeerPhase",
    "PeerPlan",
    "PeerReview",
    "PeerSample",
    "PeerState",
    "PeerTry",
    "Picked",
    "Remark",
    "Reveal",
    "Round",
    "RoundState",
    "Rubric",
    "SavedComment",
    "Share",
    "Similarity",
    "Submission",
    "Team",
    "TeamAct",
    "TeamDeed",
    "TeamMember",
    "Upload",
    "UploadPart",
    "Verdict",
]
