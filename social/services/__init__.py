from social.services.judging import part_look, parts_judge
from social.services.making import discussion_make, discussion_set
from social.services.moderating import post_hide, post_mark_helpful, post_show, thread_pin
from social.services.posting import post_edit, post_withdraw, reply_write, thread_begin
from social.services.reading import thread_read

__all__ = [
    "discussion_make",
    "discussion_set",
    "part_look",
    "parts_judge",
    "post_edit",
    "post_hide",
    "post_mark_helpful",
    "post_show",
    "post_withdraw",
    "reply_write",
    "thread_begin",
    "thread_pin",
    "thread_read",
]
