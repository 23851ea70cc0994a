"""Which addresses are outside: judged in all the forms in which one kind of address hides in another."""

import ipaddress
import socket

from django.utils.translation import gettext as _

from ecosystem.exceptions import EcosystemError

IPV4_IN_IPV6 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class UnsafeAddressError(EcosystemError):
    """An address outside that must not be called."""


class NoHostError(UnsafeAddressError):
    """Nobody knows the name, now at least."""


def resolve(host: str, port: int, *, this_machine: bool = False) -> str:
    """The one address to connect to; asked for once, so that a name cannot change its mind between look and use.

    Refuses (UnsafeAddressError) a name of which any address is not public; ``this_machine`` lets this one in.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NoHostError(_("There is no host of this name.")) from error
    addresses = [str(entry[4][0]) for entry in found]
    judged = [is_public(ipaddress.ip_address(one.split("%")[0]), this_machine=this_machine) for one in addresses]
    if not judged or not all(judged):
        raise UnsafeAddressError(_("This address lies in a private network."))
    return addresses[0]


def is_public(address: Address, *, this_machine: bool = False) -> bool:
    inner = _inside(address)
    if inner is not None:
        return is_public(inner, this_machine=this_machine)
    if address.is_loopback and this_machine:
        return True
    if isinstance(address, ipaddress.IPv6Address) and address.is_site_local:  # deprecated, and still routed by some
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _inside(address: Address) -> Address | None:
    """The IPv4 address in a mapped, translated, 6to4 or Teredo IPv6 address."""
    if not isinstance(address, ipaddress.IPv6Address):
        return None
    if any(address in network for network in IPV4_IN_IPV6):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
