from django.http import HttpResponse


def _x(request, **k): return HttpResponse()
start=overview=answers=finish=review=question=banks=bank=bank_file=picture=_x
