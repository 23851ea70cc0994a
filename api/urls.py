from django.urls import include, path, register_converter
from django.urls.converters import StringConverter
from rest_framework.routers import SimpleRouter

from api.kit import kit
from api.me import Me
from api.tokens import TokenViewSet
from api.views import NoSuchRoute, Schema, reference
from api.webhooks import DeliveryViewSet, WebhookViewSet
from assessments.api import (
    AssessmentViewSet,
    AttemptViewSet,
    BankViewSet,
    MarkingViewSet,
    QuestionViewSet,
    QuizViewSet,
)
from catalogue.api import CourseViewSet
from certificates.api import CertificateViewSet
from content.api import DocumentViewSet, LinkViewSet, MissedSearchViewSet, PackageViewSet, PageViewSet, VideoViewSet
from courses.api.building import DraftViewSet
from courses.api.conditions import ConditionViewSet
from courses.api.enrolments import EnrolmentViewSet
from courses.api.packages import CoursePackageViewSet
from courses.api.runs import RunViewSet
from courses.api.tasks import TaskReportViewSet
from ecosystem.api import (
    ConnectionViewSet,
    DelegationViewSet,
    ElementViewSet,
    EnvironmentViewSet,
    GroupViewSet,
    InvitationViewSet,
    MemberViewSet,
    Transcript,
)
from ecosystem.routing import by_first_words
from events.api import Calendar, EquipmentViewSet, EventCodeViewSet, EventViewSet, SeatViewSet, SessionViewSet
from gardening.api import CharterView, KpiViewSet
from handins.api import (
    AssignmentViewSet,
    ConfirmationViewSet,
    ConflictViewSet,
    ExemplarViewSet,
    PeerPlanViewSet,
    PeerReviewViewSet,
    PeerSampleViewSet,
    RemarkViewSet,
    RoundViewSet,
    SavedCommentViewSet,
    TeamViewSet,
    UploadViewSet,
)
from lti.api import ToolActivityViewSet, ToolViewSet
from memotrainer.api import CardViewSet, GoalViewSet, TrainingViewSet
from notifications.api import NoticeViewSet
from records.api import Changes, StatementViewSet
from reporting.api import MeasureViewSet
from social.api import DiscussionViewSet, PostViewSet, ThreadViewSet

app_name = "api"
router = SimpleRouter(use_regex_path=False)
router.register("elements", kit(ElementViewSet), basename="element")
router.register("connections", kit(ConnectionViewSet), basename="connection")
router.register("courses", kit(CourseViewSet), basename="course")
router.register("enrolments", kit(EnrolmentViewSet), basename="enrolment")
router.register("assessments", kit(AssessmentViewSet), basename="assessment")
router.register("attempts", kit(AttemptViewSet), basename="attempt")
router.register("quizzes", kit(QuizViewSet), basename="quiz")
router.register("marking", kit(MarkingViewSet), basename="marking")
router.register("certificates", kit(CertificateViewSet), basename="certificate")
router.register("records", kit(StatementViewSet), basename="record")
router.register("measures", kit(MeasureViewSet), basename="measure")
router.register("pages", kit(PageViewSet), basename="page")
router.register("conditions", kit(ConditionViewSet), basename="condition")
router.register("files", kit(DocumentViewSet), basename="file")
router.register("links", kit(LinkViewSet), basename="link")
router.register("packages", kit(PackageViewSet), basename="package")
router.register("missed-searches", kit(MissedSearchViewSet), basename="missed-search")
router.register("videos", kit(VideoViewSet), basename="video")
router.register("runs", kit(RunViewSet), basename="run")
router.register("task-reports", kit(TaskReportViewSet), basename="task-report")
router.register("events", kit(EventViewSet), basename="event")
router.register("event-sessions", kit(SessionViewSet), basename="event-session")
router.register("equipment", kit(EquipmentViewSet), basename="equipment")
router.register("event-codes", kit(EventCodeViewSet), basename="event-code")
router.register("seats", kit(SeatViewSet), basename="seat")
router.register("assignments", kit(AssignmentViewSet), basename="assignment")
router.register("handins", kit(RoundViewSet), basename="handin")
router.register("teams", kit(TeamViewSet), basename="team")
router.register("confirmations", kit(ConfirmationViewSet), basename="confirmation")
router.register("conflicts", kit(ConflictViewSet), basename="conflict")
router.register("exemplars", kit(ExemplarViewSet), basename="exemplar")
router.register("peer-plans", kit(PeerPlanViewSet), basename="peer-plan")
router.register("peer-reviews", kit(PeerReviewViewSet), basename="peer-review")
router.register("peer-samples", kit(PeerSampleViewSet), basename="peer-sample")
router.register("remarks", kit(RemarkViewSet), basename="remark")
router.register("saved-comments", kit(SavedCommentViewSet), basename="saved-comment")
router.register("uploads", kit(UploadViewSet), basename="upload")
router.register("discussions", kit(DiscussionViewSet), basename="discussion")
router.register("threads", kit(ThreadViewSet), basename="thread")
router.register("posts", kit(PostViewSet), basename="post")
router.register("tool-activities", kit(ToolActivityViewSet), basename="tool-activity")
router.register("tools", kit(ToolViewSet), basename="tool")
router.register("drafts", kit(DraftViewSet), basename="draft")
router.register("course-packages", kit(CoursePackageViewSet), basename="course-package")
router.register("members", kit(MemberViewSet), basename="member")
router.register("environments", kit(EnvironmentViewSet), basename="environment")
router.register("delegations", kit(DelegationViewSet), basename="delegation")
router.register("invitations", kit(InvitationViewSet), basename="invitation")
router.register("groups", kit(GroupViewSet), basename="group")
router.register("banks", kit(BankViewSet), basename="bank")
router.register("questions", kit(QuestionViewSet), basename="question")
router.register("cards", kit(CardViewSet), basename="card")
router.register("goals", kit(GoalViewSet), basename="goal")
router.register("trainings", kit(TrainingViewSet), basename="training")
router.register("notices", kit(NoticeViewSet), basename="notice")
router.register("kpis", kit(KpiViewSet), basename="kpi")
router.register("webhooks", kit(WebhookViewSet), basename="webhook")
router.register("webhook-messages", kit(DeliveryViewSet), basename="webhook-message")
router.register("tokens", kit(TokenViewSet), basename="token")


class Anything(StringConverter):
    """Whatever an address may hold, line breaks too, so that no answer below /api/ is a page of HTML."""

    regex = r"[\s\S]+"


register_converter(Anything, "anything")

urlpatterns = [
    path("schema/", Schema.as_view(), name="schema"),
    path("docs/", reference, name="docs"),
    path("v1/me/", kit(Me).as_view(), name="me"),
    path("v1/me/transcript/", kit(Transcript).as_view(), name="transcript"),
    path("v1/calendar/", kit(Calendar).as_view(), name="calendar"),
    path("v1/changes/", kit(Changes).as_view(), name="changes"),
    path("v1/charter/", kit(CharterView).as_view(), name="charter"),
    path("v1/", include(by_first_words(router.urls))),
    path("", NoSuchRoute.as_view()),
    path("<anything:rest>", NoSuchRoute.as_view()),
]
