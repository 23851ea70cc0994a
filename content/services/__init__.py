"""Everything that changes content, and what people do with it."""

from content.services.files import document_create, document_save
from content.services.images import image_add
from content.services.launching import (
    launch_create,
    launch_fetch,
    launch_of_token,
    statements_store,
    unit_document_keep,
    unit_documents_forget,
)
from content.services.links import link_check, link_check_soon, link_create, link_save, links_check_due
from content.services.packages import package_create, package_save
from content.services.pages import page_create, page_restore, page_save
from content.services.reading import page_finish, page_open
from content.services.support import help_judge, page_embeddable, search_handle, search_miss, ticks_save
from content.services.units import unit_open, unit_report
from content.services.videos import video_create, video_open, video_save, video_watched

__all__ = [
    "document_create",
    "document_save",
    "help_judge",
    "image_add",
    "launch_create",
    "launch_fetch",
    "launch_of_token",
    "link_check",
    "link_check_soon",
    "link_create",
    "link_save",
    "links_check_due",
    "package_create",
    "package_save",
    "page_create",
    "page_embeddable",
    "page_finish",
    "page_open",
    "page_restore",
    "page_save",
    "search_handle",
    "search_miss",
    "statements_store",
    "ticks_save",
    "unit_document_keep",
    "unit_documents_forget",
    "unit_open",
    "unit_report",
    "video_create",
    "video_open",
    "video_save",
    "video_watched",
]
