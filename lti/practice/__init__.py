"""A small LTI 1.3 tool for development and demonstration: a conversation to practise, which sends a score back.

It is other software that happens to stand here: it knows no rows, speaks to the platform over the network, and lies on the
isolated host at ``/dev/tool/``. Without GROVE_DEBUG it does not exist, and the demo comes without it.
"""
