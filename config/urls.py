"""Every address. The host decides the environment; paths never name one."""

from allauth.account import views as account
from django.contrib import admin
from django.urls import include, path

from notifications.urls import sent_patterns

urlpatterns = [
    path("", include("ecosystem.urls")),
    # Only what Grove offers of allauth; people are invited, there is no sign-up page.
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/password/reset/", account.password_reset, name="account_reset_password"),
    path("accounts/password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "accounts/password/reset/key/<str:uidb36>-<str:key>/",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "accounts/password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("admin/", admin.site.urls),
    path("", include("content.urls")),
    path("", include("assessments.urls")),
    path("courses/", include("courses.urls")),
    path("catalogue/", include("catalogue.urls")),
    path("memo/", include("memotrainer.urls")),
    path("", include("certificates.urls")),
    path("notices/", include("notifications.urls")),
    path("dev/mail/", include((sent_patterns, "sent"))),  # 404 unless GROVE_DEBUG
    path("garden/", include("gardening.urls")),
    path("reports/", include("reporting.urls")),
    path("api/", include("api.urls")),
    path("", include("api.pages.oauth_urls")),
    path("developers/", include("api.pages.urls")),
]
