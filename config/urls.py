"""Every address. The host decides the environment; paths never name one."""

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.contrib import admin
from django.urls import include, path

from ecosystem.account_views import email, organisation, passkeys, proving, resetting, saml, security
from ecosystem.proof import proof_required
from ecosystem.routing import by_first_words
from ecosystem.views import home
from notifications.urls import sent_patterns

urlpatterns = by_first_words(
    [
        # The learners' first.
        path("", home, name="home"),
        path("courses/", include("courses.urls.courses")),
        path("studio/", include("courses.urls.studio")),
        path("tasks/", include("courses.urls.tasks")),
        path("guiding/", include("courses.urls.guiding")),
        path("catalogue/", include("catalogue.urls")),
        path("events/", include("events.urls")),
        path("organise/", include("events.organise_urls")),
        path("calendar/", include("events.calendar_urls")),
        path("handins/", include("handins.urls.handing_in")),
        path("reviewing/", include("handins.urls.reviewing")),
        path("confirming/", include("handins.urls.confirming")),
        path("assignments/", include("handins.urls.making")),
        path("discussions/", include("social.urls.discussing")),
        path("prompts/", include("social.urls.making")),
        path("memo/", include("memotrainer.urls")),
        path("notices/", include("notifications.urls")),
        path("", include("content.urls")),
        path("", include("assessments.urls")),
        path("", include("certificates.urls")),
        path("", include("ecosystem.urls")),
        # Only what Grove offers of allauth; people are invited, there is no sign-up page.
        path("accounts/login/", account.login, name="account_login"),
        path("accounts/logout/", account.logout, name="account_logout"),
        path("accounts/password/reset/", account.password_reset, name="account_reset_password"),
        path("accounts/password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
        path(
            "accounts/password/reset/key/<str:uidb36>-<str:key>/",
            resetting.reset_by_link,
            name="account_reset_password_from_key",
        ),
        path(
            "accounts/password/reset/key/done/",
            account.password_reset_from_key_done,
            name="account_reset_password_from_key_done",
        ),
        path("accounts/inactive/", account.account_inactive, name="account_inactive"),
        path("accounts/login/code/", account.request_login_code, name="account_request_login_code"),
        path("accounts/login/code/confirm/", account.confirm_login_code, name="account_confirm_login_code"),
        path("accounts/login/passkey/", webauthn.login_webauthn, name="mfa_login_webauthn"),
        path("accounts/password/change/", account.password_change, name="account_change_password"),
        path("accounts/password/set/", proof_required(account.password_set), name="account_set_password"),
        path("accounts/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
        path("accounts/reauthenticate/code/", proving.prove_by_code, name="account_reauthenticate_code"),
        path("accounts/reauthenticate/2fa/", second_factor.reauthenticate, name="mfa_reauthenticate"),
        path("accounts/reauthenticate/passkey/", passkeys.ProvePasskey.as_view(), name="mfa_reauthenticate_webauthn"),
        path("accounts/organisation/<slug:provider_id>/", organisation.go, name="openid_connect_login"),
        path("accounts/organisation/<slug:provider_id>/back/", organisation.come_back, name="openid_connect_callback"),
        path("accounts/organisation/<slug:provider_id>/answer/", saml.answer, name="saml-answer"),
        path("accounts/organisation/<slug:provider_id>/finish/", saml.finish, name="saml-finish"),
        path("accounts/organisation/<slug:provider_id>/metadata/", saml.metadata, name="saml-metadata"),
        path("accounts/2fa/", security.security, name="mfa_index"),
        path("accounts/2fa/needed/", security.second_factor_needed, name="second-factor-needed"),
        path("accounts/address/", email.change, name="email-change"),
        path("accounts/address/<str:token>/", email.confirm, name="email-change-confirm"),
        path("accounts/2fa/sign-ins/end/", security.end_sign_ins, name="sign-ins-end"),
        path("accounts/2fa/authenticate/", passkeys.SecondFactor.as_view(), name="mfa_authenticate"),
        path("accounts/2fa/totp/activate/", proof_required(totp.activate_totp), name="mfa_activate_totp"),
        path("accounts/2fa/totp/deactivate/", proof_required(totp.deactivate_totp), name="mfa_deactivate_totp"),
        path("accounts/2fa/recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
        path(
            "accounts/2fa/recovery-codes/generate/",
            proof_required(recovery_codes.generate_recovery_codes),
            name="mfa_generate_recovery_codes",
        ),
        path("accounts/2fa/passkeys/add/", proof_required(passkeys.AddPasskey.as_view()), name="mfa_add_webauthn"),
        path(
            "accounts/2fa/passkeys/<int:pk>/remove/",
            proof_required(passkeys.RemovePasskey.as_view()),
            name="mfa_remove_webauthn",
        ),
        path("admin/", (by_first_words(admin.site.urls[0]), *admin.site.urls[1:])),
        path("dev/mail/", include((sent_patterns, "sent"))),  # 404 unless GROVE_DEBUG
        path("garden/", include("gardening.urls")),
        path("reports/", include("reporting.urls")),
        path("api/", include("api.urls")),
        path("", include("api.pages.oauth_urls")),
        path("developers/", include("api.pages.urls")),
        path("", include("lti.urls")),
    ]
)
