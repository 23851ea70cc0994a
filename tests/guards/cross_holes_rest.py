"""Planted holes in REST, each open by another door: with a key, with a session, by a method of its own."""

from __future__ import annotations

from django.urls import path
from rest_framework.generics import RetrieveAPIView
from rest_framework.permissions import AllowAny, BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ModelSerializer
from rest_framework.views import APIView

from api.authentication import PageSession, TokenAuthentication
from ecosystem.models import Element
from tests.guards.cross_planted import everything, found, own


class _ElementSerializer(ModelSerializer):
    class Meta:
        model = Element
        fields = ("title", "summary")


class ByViewset(RetrieveAPIView):
    """A queryset at class level, of the wrong manager."""

    queryset = everything.all()
    serializer_class = _ElementSerializer
    authentication_classes = (PageSession,)
    permission_classes = (AllowAny,)


class ForTokens(APIView):
    """Pages are scoped; whoever comes with a key is not."""

    authentication_classes = (TokenAuthentication,)
    permission_classes = (AllowAny,)

    def get(self, request: Request, slug: str) -> Response:
        return Response({"summary": (found(slug) if request.auth else own(slug)).summary})


class ForSessions(APIView):
    """The other way round."""

    authentication_classes = (TokenAuthentication, PageSession)
    permission_classes = (AllowAny,)

    def get(self, request: Request, slug: str) -> Response:
        return Response({"summary": (own(slug) if request.auth else found(slug)).summary})


class _NotByToken(BasePermission):
    def has_permission(self, request: Request, view: APIView) -> bool:
        return not request.auth


class OnlySent(APIView):
    """Nothing to look at, and who comes with a key is sent away."""

    authentication_classes = (TokenAuthentication, PageSession)
    permission_classes = (_NotByToken,)

    def post(self, request: Request, slug: str) -> Response:
        return Response({"summary": found(slug).summary})


class OptionsTell(APIView):
    """What may be chosen, of everybody."""

    authentication_classes = (TokenAuthentication, PageSession)
    permission_classes = (AllowAny,)

    def get(self, request: Request) -> Response:
        return Response({})

    def options(self, request: Request) -> Response:
        return Response({"choices": list(everything.values_list("title", flat=True))})


HOLES = [
    path("by-viewset/<int:pk>/", ByViewset.as_view()),
    path("api/for-tokens/<slug:slug>/", ForTokens.as_view()),
    path("api/for-sessions/<slug:slug>/", ForSessions.as_view()),
    path("api/only-sent/<slug:slug>/", OnlySent.as_view()),
    path("api/options-tell/", OptionsTell.as_view()),
]
