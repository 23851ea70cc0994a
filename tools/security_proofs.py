"""Which test shows what, where its name does not say so; what does not apply to Grove; what cannot be tried yet.

Only what a test really shows. `PARTLY` says what a test named by a number leaves out.
"""

GUARDS = "tests/guards/"
CROSS = f"{GUARDS}test_cross_tenant.py::test_nothing_of_others"
HOLES = f"{GUARDS}test_cross_tenant.py::test_planted_holes_are_found"
HEADERS = f"{GUARDS}test_headers.py::test_every_address_carries_the_headers"
COOKIES = f"{GUARDS}test_headers.py::test_cookies_of_production"
DEPLOY = f"{GUARDS}test_headers.py::test_djangos_own_list_for_production_is_clean"
RULES = f"{GUARDS}test_access_rules.py::"
TABLES = f"{GUARDS}test_catalogue_of_postgresql.py::"
EVERY = f"{GUARDS}test_abuse_everywhere.py::"
FILES, TEXTS = f"{GUARDS}test_abuse_files.py::", f"{GUARDS}test_abuse_texts.py::"
QUIZZES, RIGHTS = f"{GUARDS}test_abuse_quizzes.py::", f"{GUARDS}test_abuse_rights.py::"
RACES, SECRETS = f"{GUARDS}test_abuse_races.py::", f"{GUARDS}test_abuse_secrets.py::"
SESSIONS, SIGNING = f"{GUARDS}test_abuse_sessions.py::", f"{GUARDS}test_abuse_signing.py::"
HOSTS, SIZES = f"{GUARDS}test_abuse_hosts.py::", f"{GUARDS}test_abuse_sizes.py::"
ASKED = f"{GUARDS}test_requirements.py::"
FURTHER = f"{GUARDS}test_requirements_further.py::"
DECIDED, DECISIONS = (
    f"{GUARDS}test_decisions_kept.py::",
    f"{GUARDS}test_decisions_kept.py::test_the_page_says_what_is_so",
)
NEEDED = "tests/ecosystem/signing/test_second_factor_needed.py::"
MOODLE, IMPORTS = "tests/assessments/test_moodle_xml.py::", "tests/assessments/test_imports.py::"
CODES, FACTOR = "tests/ecosystem/signing/test_codes.py::", "tests/ecosystem/signing/test_second_factor.py::"
ORGANISATION, SIGN_INS = "tests/ecosystem/signing/test_organisation.py::", "tests/ecosystem/signing/test_sign_ins.py::"
SAML = "tests/ecosystem/signing/test_saml.py::"
INVITED, PRIVACY = "tests/ecosystem/people/test_invitations.py::", "tests/ecosystem/people/test_privacy.py::"
OAUTH, DOORS, KIT = "tests/api/test_oauth.py::", "tests/api/test_doors.py::", "tests/api/test_kit.py::"
LINES, OUT = "tests/ecosystem/telemetry/test_lines.py::", "tests/ecosystem/test_outbound.py::"
FILES_OF_DEPLOY = "tests/launcher/test_deployment_files.py::"
MAIL, PUSH = "tests/notifications/test_mail.py::", "tests/notifications/test_push.py::"
DELIVERING = "tests/records/test_delivering.py::"
TOKENS, KEYS = "tests/ecosystem/signing/test_organisation_tokens.py::", f"{GUARDS}test_requirements_keys.py::"
PROBE = "tests/ecosystem/test_probing.py::test_each_fault_is_found_and_no_other"
WIRE = "tests/live/test_wire.py::test_web_speaks_tls_by_itself_and_has_nothing_open"
PROXY = f"{FILES_OF_DEPLOY}test_the_proxy_speaks_new_tls_with_public_certificates_and_sends_no_software_on"
IN_THE_CLEAR = f"{KEYS}test_no_store_and_no_mail_server_is_talked_to_in_the_clear_when_encryption_was_asked_for"

PROOFS = {
    # --- abuse cases
    "A01": [CROSS],
    "A03": [
        f"{PRIVACY}test_the_copy_is_complete_and_holds_no_secret",
        f"{IMPORTS}test_kept_file_belongs_to_who_brought_it",
    ],
    "A07": [f"{TABLES}test_no_foreign_key_leaves_its_environment", CROSS],
    "A08": [f"{TABLES}test_no_unique_key_tells_of_another_environment"],
    "A10": [CROSS, f"{TABLES}test_every_tenant_table_is_protected"],
    "A13": [f"{DOORS}test_owner_colleague_admin_and_neighbour"],
    "A18": [f"{SIGN_INS}test_nobody_ends_the_sign_in_of_another"],
    "A44": [
        f"{MOODLE}test_files_that_are_no_safe_pictures_are_refused_whatever_their_name",
        f"{IMPORTS}test_picture_is_served_to_members_only_and_can_do_nothing",
    ],
    "A45": ["tests/live/test_content.py::test_all_of_content_in_a_browser"],
    "A47": [f"{IMPORTS}test_scripts_of_a_file_never_reach_a_page", f"{MOODLE}test_scripts_in_any_text_are_gone"],
    "A52": [
        f"{INVITED}test_sending_again_makes_a_new_link_but_not_twice_in_five_minutes",
        f"{CODES}test_asking_ends_after_some_times",
    ],
    "A60": [
        f"{MOODLE}test_a_depth_bomb_of_40_mb_is_refused_at_once",
        f"{MOODLE}test_a_file_over_the_limit_is_refused_unread",
        f"{MOODLE}test_too_many_elements_are_refused",
        f"{MOODLE}test_damaged_and_huge_pictures_are_refused",
    ],
    "A70": [f"{ORGANISATION}test_a_false_provider_gets_nowhere"],
    "A78": [
        f"{INVITED}test_the_table_opens_nothing",
        f"{OAUTH}test_nothing_is_kept_that_opens_anything",
        f"{FACTOR}test_secrets_are_sealed_changes_are_told_and_audited",
        f"{CODES}test_a_code_waits_sealed_is_tried_again_and_forgotten",
        f"{PRIVACY}test_the_copy_is_complete_and_holds_no_secret",
    ],
    "A79": [f"{FACTOR}test_sensitive_pages_ask_once_more_also_without_a_password"],
    "A80": [
        f"{ORGANISATION}test_anything_else_gets_nowhere",
        f"{ORGANISATION}test_nobody_is_taken_over_from_another_organisation",
        f"{ORGANISATION}test_the_sign_in_ends_when_somebody_comes_to_belong_elsewhere_too",
    ],
    "A81": [f"{ORGANISATION}test_anything_else_gets_nowhere", f"{ORGANISATION}test_a_false_provider_gets_nowhere"],
    "A94": [f"{SIGNING}test_a75_a_forged_address_does_not_start_the_count_again"],
    "A97": ["tests/ecosystem/telemetry/test_reports.py::test_a_report_has_the_places_and_not_the_words"],
    # --- faults
    "F04": [
        f"{MAIL}test_not_now_is_tried_again_later",
        f"{MAIL}test_no_is_no",
        f"{MAIL}test_a_mail_server_that_is_away_costs_one_try_a_sweep_and_no_letter",
        f"{MAIL}test_a_slow_letter_does_not_keep_a_worker",
    ],
    "F12": [
        "tests/memotrainer/test_reminders.py::test_the_nights_when_clocks_change",
        "tests/notifications/test_rhythm.py::test_one_digest_a_day_over_the_nights_when_clocks_change",
    ],
    "A23": ["tests/assessments/test_marking.py::test_pages_of_markers"],
    "F31": ["tests/events/test_races.py::test_f31_three_places_are_three_and_the_rest_wait"],
    "F32": ["tests/events/test_races.py::test_f32_places_that_come_free_at_once_go_to_those_who_waited_longest"],
    "F30": [f"{DELIVERING}test_poison_is_given_up_and_stays_so", f"{DELIVERING}test_a_bad_row_stops_no_other"],
    "F38": [
        f"{PRIVACY}test_an_erasure_that_breaks_leaves_all_and_goes_on_later",
        f"{PRIVACY}test_erasing_twice_is_erasing_once",
    ],
    # --- V1 encoding and sanitising
    "V1.1.2": ["tests/ecosystem/test_components.py::test_text_is_escaped_and_addresses_are_attributes"],
    "V1.2.1": [f"{TEXTS}test_a43_titles_and_texts_are_shown_as_text", f"{RULES}test_trusted_texts_are_listed"],
    "V1.2.2": [
        "tests/ecosystem/test_markup.py::test_links_keep_good_addresses_and_get_their_rel",
        f"{TEXTS}test_a43_titles_and_texts_are_shown_as_text",
    ],
    "V1.2.4": [
        f"{SIZES}test_a53_a95_awkward_queries_find_nothing_and_break_nothing",
        f"{RULES}test_ways_round_the_manager_are_listed",
    ],
    "V1.2.5": [f"{FILES}test_a65_a66_nothing_that_people_bring_becomes_code_or_a_command"],
    "V1.2.9": ["tests/assessments/test_typed_answers.py::test_stars_in_patterns"],
    "V1.3.1": ["tests/ecosystem/test_markup.py::test_attacks_come_out_harmless"],
    "V1.3.2": [f"{FILES}test_a65_a66_nothing_that_people_bring_becomes_code_or_a_command"],
    "V1.3.4": [
        f"{TEXTS}test_a43_a_logo_is_only_a_drawing",
        f"{MOODLE}test_files_that_are_no_safe_pictures_are_refused_whatever_their_name",
    ],
    "V1.3.5": [
        "tests/content/test_pages.py::test_hostile_markdown_can_do_nothing",
        "tests/ecosystem/test_markup.py::test_classes_come_from_the_design_system_only",
    ],
    "V1.3.6": [
        f"{OUT}test_a54_private_addresses",
        f"{OUT}test_a54_addresses_of_another_form",
        f"{PUSH}test_only_push_services_are_sent_to",
    ],
    "V1.3.7": [f"{TEXTS}test_a51_templates_of_people_are_text"],
    "V1.3.11": [f"{TEXTS}test_a50_no_letter_gets_a_second_header"],
    "V1.4.2": [f"{SIZES}test_a95_awkward_addresses", f"{SIZES}test_a95_awkward_answers_are_refused"],
    "V1.5.1": [f"{FILES}test_a64_xml_of_strangers_fetches_and_swells_nothing"],
    "V1.5.2": [
        f"{FILES}test_a65_a66_nothing_that_people_bring_becomes_code_or_a_command",
        f"{FILES}test_a65_a66_words_of_a_shell_or_a_pickle_in_a_file_are_words",
    ],
    # --- V2 business logic
    "V2.2.1": [
        "tests/ecosystem/people/test_import.py::test_every_bad_line_is_named_with_every_reason",
        "tests/ecosystem/environments/test_settings.py::test_what_is_no_value_is_refused",
    ],
    "V2.2.2": [f"{SIZES}test_a95_awkward_answers_are_refused"],
    "V2.2.3": [
        "tests/gardening/test_charter.py::test_a_target_is_better_than_the_baseline",
        "tests/api/test_webhooks.py::test_a_time_again_also_what_was_never_sent",
    ],
    "V2.3.1": ["tests/courses/test_progress.py::test_a_locked_activity_stays_closed_by_its_own_address"],
    "V2.3.3": [
        f"{PRIVACY}test_an_erasure_that_breaks_leaves_all_and_goes_on_later",
        f"{DELIVERING}test_a_failure_leaves_nothing_behind_but_its_reason",
        "tests/ecosystem/test_audit.py::test_an_act_that_is_undone_leaves_no_entry",
    ],
    "V2.3.4": [f"{RACES}test_a92_the_last_place_goes_to_one", f"{RACES}test_a36_one_attempt_however_many_start_it"],
    "V2.4.1": [f"{KIT}test_a_budget_for_each_caller_and_for_all", f"{INVITED}test_trying_links_is_slowed_down"],
    # --- V3 web front end
    "V3.2.1": [
        f"{IMPORTS}test_picture_is_served_to_members_only_and_can_do_nothing",
        f"{FILES}test_a44_only_pictures_that_can_do_nothing_are_served",
    ],
    "V3.3.1": [COOKIES],
    "V3.3.2": [COOKIES],
    "V3.3.3": [COOKIES],
    "V3.3.4": [COOKIES],
    "V3.4.1": [HEADERS],
    "V3.4.2": [HEADERS],
    "V3.4.3": [HEADERS, f"{GUARDS}test_templates.py::test_a_page_has_nothing_inline"],
    "V3.4.4": [HEADERS],
    "V3.4.5": [HEADERS],
    "V3.4.6": [HEADERS],
    "V3.5.1": [
        f"{EVERY}test_a42_a68_nothing_is_written_without_the_token_of_the_form",
        f"{EVERY}test_a42_a68_another_site_is_refused_even_with_a_token",
    ],
    "V3.5.3": [f"{RIGHTS}test_a12_looking_changes_nothing", CROSS],
    "V3.7.2": [f"{HOSTS}test_a46_a71_next_stays_on_this_host", f"{OAUTH}test_wishes_that_are_refused"],
    # --- V4 API and web service
    "V4.1.1": [f"{ASKED}test_every_text_says_its_characters"],
    "V4.1.3": [
        f"{HOSTS}test_a11_only_the_host_header_names_the_environment",
        f"{SIGNING}test_a75_a_forged_address_does_not_start_the_count_again",
    ],
    # --- V5 files
    "V5.2.1": [f"{MOODLE}test_a_file_over_the_limit_is_refused_unread", f"{MOODLE}test_too_many_elements_are_refused"],
    "V5.2.2": [f"{MOODLE}test_files_that_are_no_safe_pictures_are_refused_whatever_their_name"],
    "V5.3.1": [
        f"{FILES}test_a44_only_pictures_that_can_do_nothing_are_served",
        f"{ASKED}test_no_folder_and_no_file_of_the_code_is_served",
    ],
    "V5.3.2": [
        f"{FILES}test_a62_a_file_name_is_only_a_name",
        f"{FILES}test_a58_a_picture_is_named_by_its_content_only",
    ],
    # --- V6 authentication
    "V6.2.1": [f"{ASKED}test_passwords_that_are_short_or_common_are_refused"],
    "V6.2.2": [f"{ASKED}test_a_new_password_needs_the_one_before"],
    "V6.2.3": [f"{ASKED}test_a_new_password_needs_the_one_before"],
    "V6.2.4": [f"{ASKED}test_passwords_that_are_short_or_common_are_refused"],
    "V6.2.5": [f"{ASKED}test_passwords_of_any_kind_and_length_are_taken"],
    "V6.2.6": [f"{ASKED}test_fields_for_passwords_hide_them_and_help_password_managers"],
    "V6.2.7": [f"{ASKED}test_fields_for_passwords_hide_them_and_help_password_managers"],
    "V6.2.8": [f"{ASKED}test_a_password_is_taken_exactly_as_it_is"],
    "V6.2.9": [f"{ASKED}test_passwords_of_any_kind_and_length_are_taken"],
    "V6.3.1": [f"{SIGNING}test_a75_guessing_passwords_ends"],
    "V6.3.4": [
        f"{FACTOR}test_a_recovery_code_works_once_and_a_mailed_code_is_no_way_round",
        f"{ORGANISATION}test_the_second_factor_is_still_asked",
    ],
    "V6.4.1": [
        f"{INVITED}test_links_that_do_not_work_all_say_the_same",
        f"{INVITED}test_accepting_again_changes_nothing",
    ],
    "V6.5.1": [
        f"{CODES}test_the_code_lets_a_member_in_once",
        f"{FACTOR}test_a_recovery_code_works_once_and_a_mailed_code_is_no_way_round",
    ],
    "V6.5.3": [f"{SECRETS}test_a84_only_random_numbers_that_cannot_be_foreseen"],
    "V6.6.2": [f"{CODES}test_another_code_can_be_asked_for"],
    "V6.6.3": [f"{CODES}test_three_wrong_codes_end_it", f"{FACTOR}test_guessing_ends"],
    "V6.8.1": [f"{ORGANISATION}test_nobody_is_taken_over_from_another_organisation"],
    "V6.8.2": [f"{ORGANISATION}test_a_false_provider_gets_nowhere", f"{SAML}test_a_false_answer_lets_nobody_in"],
    "V6.8.3": [f"{SAML}test_once_and_only_for_who_asked"],
    # --- V7 sessions
    "V7.2.1": [f"{SIGN_INS}test_a_session_without_its_sign_in_is_a_visitors"],
    "V7.2.2": [f"{ASKED}test_a_session_key_cannot_be_guessed"],
    "V7.2.3": [f"{ASKED}test_a_session_key_cannot_be_guessed"],
    "V7.2.4": [f"{SESSIONS}test_a72_sign_in_gives_a_new_session_and_signing_out_ends_it"],
    "V7.4.1": [f"{SESSIONS}test_a72_sign_in_gives_a_new_session_and_signing_out_ends_it"],
    "V7.4.2": [f"{SESSIONS}test_a27_a73_what_is_taken_away_is_gone_at_once"],
    "V7.4.3": [
        f"{SIGN_INS}test_a_new_password_signs_others_out_everywhere",
        f"{SIGN_INS}test_one_or_all_others_are_out_at_once",
    ],
    "V7.4.4": [f"{ASKED}test_the_way_out_is_on_every_page"],
    "V7.5.1": [f"{FACTOR}test_sensitive_pages_ask_once_more_also_without_a_password"],
    "V7.5.2": [f"{SIGN_INS}test_one_or_all_others_are_out_at_once"],
    "V7.6.2": [f"{SIGNING}test_a70_no_other_site_signs_anybody_in_or_out"],
    # --- V8 authorization
    "V8.2.1": [
        f"{RULES}test_every_view_says_who_may_see_it",
        f"{DOORS}test_every_route_names_a_rule_and_an_area",
        CROSS,
    ],
    "V8.2.2": [
        CROSS,
        f"{TABLES}test_every_tenant_table_is_protected",
        f"{DOORS}test_owner_colleague_admin_and_neighbour",
    ],
    "V8.2.3": [
        f"{RIGHTS}test_a24_no_form_or_address_of_a_learner_changes_who_they_are",
        "tests/api/test_tokens.py::test_what_the_server_manages_cannot_be_set",
    ],
    "V8.3.1": [
        f"{RIGHTS}test_a24_no_form_or_address_of_a_learner_changes_who_they_are",
        f"{QUIZZES}test_a40_the_score_is_the_servers",
    ],
    "V8.4.1": [
        CROSS,
        HOLES,
    ],
    # --- V9, V10 tokens, OAuth and OIDC
    "V9.2.4": ["tests/lti/test_their_tool.py::test_their_login_their_launch_and_their_grade"],
    "V10.6.1": ["tests/lti/test_launch.py::test_a_question_that_is_not_right_gets_no_message_and_uses_nothing_up"],
    "V9.1.1": [f"{ORGANISATION}test_a_false_provider_gets_nowhere"],
    "V9.2.1": [f"{ORGANISATION}test_anything_else_gets_nowhere"],
    "V9.2.3": [f"{ORGANISATION}test_anything_else_gets_nowhere"],
    "V10.1.2": [f"{ORGANISATION}test_a_false_provider_gets_nowhere"],
    "V10.2.1": [
        f"{ORGANISATION}test_a_member_comes_in_with_a_verified_address",
        f"{ORGANISATION}test_a_false_provider_gets_nowhere",
    ],
    "V10.3.1": [f"{OAUTH}test_next_door_nothing_of_it_works"],
    "V10.3.2": [f"{OAUTH}test_a_person_lets_an_application_in", f"{DOORS}test_a_scope_opens_its_area_only"],
    "V10.4.1": [f"{OAUTH}test_wishes_that_are_refused", f"{OAUTH}test_addresses_to_come_back_to"],
    "V10.4.2": [f"{OAUTH}test_a_code_works_once_with_its_verifier"],
    "V10.4.3": [f"{OAUTH}test_a_code_that_is_a_minute_old_is_worth_nothing"],
    "V10.4.4": [f"{OAUTH}test_wishes_that_are_refused"],
    "V10.4.5": [f"{OAUTH}test_a_refresh_token_used_twice_ends_them_all"],
    "V10.4.6": [f"{OAUTH}test_a_code_works_once_with_its_verifier", f"{OAUTH}test_wishes_that_are_refused"],
    "V10.4.9": [f"{OAUTH}test_taking_back_what_one_gave", f"{OAUTH}test_revoking_one"],
    "V10.4.10": [f"{OAUTH}test_a_code_works_once_with_its_verifier"],
    "V10.4.11": [f"{OAUTH}test_wishes_that_are_refused", f"{OAUTH}test_a_person_lets_an_application_in"],
    "V10.5.2": [
        f"{ORGANISATION}test_a_member_comes_in_with_a_verified_address",
        f"{ORGANISATION}test_anything_else_gets_nowhere",
    ],
    "V10.5.3": [f"{ORGANISATION}test_a_false_provider_gets_nowhere"],
    "V10.5.4": [f"{ORGANISATION}test_anything_else_gets_nowhere"],
    "V10.7.1": [f"{OAUTH}test_a_person_lets_an_application_in", f"{OAUTH}test_saying_no"],
    "V10.7.2": [f"{OAUTH}test_the_page_names_what_it_gives_and_lets_the_browser_go_on_there_only"],
    "V10.7.3": [f"{OAUTH}test_taking_back_what_one_gave"],
    # --- V11, V12 cryptography and transport
    "V11.3.1": [f"{ASKED}test_no_weak_hash_or_cipher_in_the_code"],
    "V11.3.3": [f"{ASKED}test_what_is_sealed_cannot_be_changed"],
    "V11.4.1": [f"{ASKED}test_no_weak_hash_or_cipher_in_the_code"],
    "V11.4.2": [f"{ASKED}test_passwords_are_stored_by_argon2id_with_todays_costs"],
    "V11.4.4": [f"{ASKED}test_passwords_are_stored_by_argon2id_with_todays_costs"],
    "V12.3.2": [f"{ASKED}test_a_server_that_nobody_vouches_for_is_told_nothing"],
    # --- V13 configuration
    "V13.2.2": [
        "tests/launcher/test_postgres_roles.py::test_the_roles_may_what_they_should",
        f"{TABLES}test_the_runtime_role_is_bound",
        f"{FILES_OF_DEPLOY}test_groves_containers_may_do_little",
    ],
    "V13.2.3": [f"{FILES_OF_DEPLOY}test_no_secret_has_a_value_in_the_files"],
    "V13.3.2": [f"{FILES_OF_DEPLOY}test_only_the_migration_knows_the_owner"],
    "V13.4.1": [
        f"{ASKED}test_no_folder_and_no_file_of_the_code_is_served",
        f"{ASKED}test_the_image_holds_no_history_of_the_code",
    ],
    "V13.4.2": [DEPLOY, COOKIES],
    "V13.4.3": [f"{ASKED}test_no_folder_and_no_file_of_the_code_is_served"],
    "V13.4.5": [
        "tests/ecosystem/telemetry/test_figures.py::test_the_public_hosts_show_no_figures",
        f"{EVERY}test_a14_a86_visitors_get_what_is_public_and_never_a_file",
    ],
    # --- V14 data protection
    "V14.2.1": [f"{EVERY}test_a69_a74_a98_no_page_of_a_person_is_kept_or_given_to_another_or_holds_a_secret"],
    "V14.2.2": [f"{EVERY}test_a69_a74_a98_no_page_of_a_person_is_kept_or_given_to_another_or_holds_a_secret"],
    "V14.2.3": [HEADERS],
    # --- V15 coding and architecture
    "V15.1.2": [f"{FILES_OF_DEPLOY}test_the_locks_hold_what_pyproject_asks_for"],
    "V15.3.1": [
        f"{DOORS}test_owner_colleague_admin_and_neighbour",
        "tests/api/test_schema.py::test_the_schema_is_the_one_we_promised",
    ],
    "V15.3.2": [f"{OUT}test_a55_redirects_are_not_followed", f"{OUT}test_a57_no_redirect_takes_a_secret_along"],
    "V15.3.3": [
        f"{RIGHTS}test_a24_no_form_or_address_of_a_learner_changes_who_they_are",
        "tests/api/test_tokens.py::test_what_the_server_manages_cannot_be_set",
    ],
    "V15.3.4": [f"{SIGNING}test_a75_a_forged_address_does_not_start_the_count_again"],
    "V15.3.5": [f"{SIZES}test_a95_awkward_json_is_refused_not_crashed_on"],
    # --- V16 logging and errors
    "V16.2.1": [f"{LINES}test_says_route_status_and_environment"],
    "V16.2.4": [f"{LINES}test_both_layouts_are_known", f"{SECRETS}test_a96_a_line_is_a_line_whatever_is_sent"],
    "V16.2.5": [
        f"{SECRETS}test_a97_no_secret_is_written_into_a_line_or_a_message",
        f"{LINES}test_nothing_of_people_is_written",
    ],
    "V16.3.4": [f"{LINES}test_an_exception_is_told_without_its_words"],
    "V16.4.1": [f"{SECRETS}test_a96_a_line_is_a_line_whatever_is_sent"],
    "V16.4.2": [
        "tests/ecosystem/test_audit.py::test_entries_stay_as_they_are",
        f"{TABLES}test_what_happened_cannot_be_changed",
    ],
    "V16.5.1": [f"{KIT}test_our_own_faults_are_problems_too", f"{LINES}test_an_exception_is_told_without_its_words"],
    "V16.5.2": [
        "tests/live/test_faults.py::test_f05_f06_a_broker_that_is_away_or_forgets_everything_loses_nothing",
        "tests/live/test_shaken.py::test_f08_redis_hangs_and_pages_still_come",
    ],
    "V16.5.3": [f"{KIT}test_without_redis_reading_goes_on_and_writing_waits"],
}

# Decisions that stand in docs/security-decisions.md, compared with what the code uses.
PROOFS |= {
    key: [DECISIONS]
    for key in (
        "V2.1.1", "V2.1.2", "V2.1.3", "V5.1.1", "V6.1.1", "V6.1.2", "V6.1.3", "V7.1.1", "V7.1.2", "V7.1.3", "V8.1.1", "V8.1.2",
        "V11.1.1", "V11.1.2", "V13.1.1", "V14.1.1", "V14.1.2", "V15.1.1", "V15.1.3", "V16.1.1",
    )
}  # fmt: skip
PROOFS |= {
    "V1.2.3": [f"{GUARDS}test_templates.py::test_a_page_has_nothing_inline"],
    "V1.3.3": [
        f"{TEXTS}test_a50_no_letter_gets_a_second_header",
        f"{SIZES}test_a53_a95_awkward_queries_find_nothing_and_break_nothing",
    ],
    "V1.3.10": [f"{TEXTS}test_a51_templates_of_people_are_text"],
    "V2.3.2": [
        "tests/ecosystem/environments/test_limits_below.py::test_people_below_count_each_once",
        "tests/ecosystem/environments/test_limits_below.py::test_files_below_count",
        f"{KIT}test_a_budget_for_each_caller_and_for_all",
        f"{QUIZZES}test_a36_no_more_attempts_than_allowed",
    ],
    "V3.2.2": [f"{FURTHER}test_scripts_show_text_as_text"],
    "V3.7.1": [HEADERS, f"{GUARDS}test_templates.py::test_a_page_has_nothing_inline"],
    "V5.2.3": [
        "tests/content/test_packages.py::test_a59_a60_a62_a64_a_bad_package_is_refused_with_the_reason_and_leaves_nothing"
    ],
    "V5.4.1": ["tests/content/test_things.py::test_a58_names_are_made_harmless"],
    "V5.4.2": [
        "tests/content/test_things.py::test_a58_names_are_made_harmless",
        "tests/content/test_things.py::test_a_file_is_brought_in_replaced_and_downloaded_as_a_file",
    ],
    "V6.2.10": [f"{DECIDED}test_passwords_do_not_grow_old"],
    "V6.2.11": [f"{DECIDED}test_passwords_of_words_that_others_know_are_refused"],
    "V6.3.2": [f"{DECIDED}test_nobody_is_there_by_default"],
    "V6.3.3": [f"{NEEDED}test_no_way_round_it", f"{NEEDED}test_whom_it_asks"],
    "V6.4.2": [f"{FURTHER}test_no_form_of_sign_in_asks_for_a_secret_question"],
    "V6.4.3": [
        f"{FURTHER}test_a_forgotten_password_is_no_way_round_the_second_factor",
        "tests/ecosystem/test_sign_in.py::test_the_link_of_a_reset_sets_another_password_once",
    ],
    "V6.5.4": [f"{FURTHER}test_codes_are_long_enough_and_short_lived"],
    "V6.5.5": [f"{FURTHER}test_codes_are_long_enough_and_short_lived"],
    "V6.8.4": [f"{ORGANISATION}test_the_second_factor_is_still_asked", DECISIONS],
    "V7.3.1": [f"{DECIDED}test_a_sign_in_ends_after_its_days_and_after_half_without_a_visit"],
    "V7.3.2": [f"{DECIDED}test_a_sign_in_ends_after_its_days_and_after_half_without_a_visit"],
    "V7.4.5": [f"{DECIDED}test_an_administrator_signs_somebody_out"],
    "V7.6.1": [
        f"{ORGANISATION}test_the_sign_in_ends_when_somebody_comes_to_belong_elsewhere_too",
        f"{DECIDED}test_a_sign_in_ends_after_its_days_and_after_half_without_a_visit",
    ],
    "V10.3.4": [f"{NEEDED}test_no_way_round_it"],
    "V11.4.3": [f"{ASKED}test_no_weak_hash_or_cipher_in_the_code"],
    "V11.5.1": [
        f"{SECRETS}test_a84_only_random_numbers_that_cannot_be_foreseen",
        f"{SECRETS}test_a84_ten_thousand_tokens_are_all_different_and_nothing_but_chance",
        f"{ASKED}test_a_session_key_cannot_be_guessed",
    ],
    "V13.2.4": [f"{PUSH}test_only_push_services_are_sent_to", f"{ORGANISATION}test_servers_inside_are_not_asked"],
    "V13.4.4": [f"{FURTHER}test_methods_that_nobody_needs_are_refused"],
    "V14.2.4": [
        f"{PRIVACY}test_the_copy_is_complete_and_holds_no_secret",
        f"{LINES}test_nothing_of_people_is_written",
        f"{OAUTH}test_nothing_is_kept_that_opens_anything",
    ],
    "V15.2.2": [
        "tests/ecosystem/test_pdf.py::test_what_is_killed_or_takes_too_long_is_replaced_at_once",
        "tests/ecosystem/test_pdf.py::test_what_takes_too_much_memory_is_refused",
        f"{MOODLE}test_a_depth_bomb_of_40_mb_is_refused_at_once",
        f"{KIT}test_a_budget_for_each_caller_and_for_all",
    ],
    "V15.3.6": [f"{FURTHER}test_scripts_change_no_prototype"],
    "V15.3.7": [f"{FURTHER}test_a_form_is_not_filled_by_its_address"],
    "V16.2.2": [
        f"{LINES}test_both_layouts_are_known",
        "tests/live/test_odd.py::test_f13_a_machine_whose_clock_jumps_does_nothing",
    ],
    "V16.2.3": [f"{FURTHER}test_lines_go_to_one_place", DECISIONS],
    "V16.3.1": [
        f"{DECIDED}test_each_sign_in_and_each_refusal_is_a_line",
        f"{ORGANISATION}test_a_member_comes_in_with_a_verified_address",
    ],
    "V16.3.2": [f"{DECIDED}test_each_sign_in_and_each_refusal_is_a_line"],
    "V16.3.3": [f"{DECIDED}test_each_sign_in_and_each_refusal_is_a_line", DECISIONS],
}

PROOFS |= {
    "V5.4.3": [
        f"{GUARDS}test_hand_ins.py::test_a63_what_a_scanner_finds_is_never_kept",
        f"{GUARDS}test_hand_ins.py::test_a63_while_the_scanner_is_away_nothing_is_taken",
    ],
    "V1.1.1": [f"{FURTHER}test_what_comes_in_is_decoded_once"],
    "V4.1.2": [WIRE, PROBE, PROXY],
    "V4.2.1": [WIRE, PROBE],
    "V6.2.12": [f"{ASKED}test_passwords_that_are_short_or_common_are_refused"],
    "V6.4.4": [
        f"{FACTOR}test_who_has_lost_all_factors_is_helped_by_whoever_runs_it_after_a_check",
        f"{GUARDS}test_abuse_neighbours.py::test_a18_nobody_takes_away_the_second_factor_of_another",
    ],
    "V6.5.2": [f"{FACTOR}test_secrets_are_sealed_changes_are_told_and_audited"],
    "V9.1.2": [
        f"{TOKENS}test_a_token_that_is_not_of_this_sign_in_is_worth_nothing",
        f"{TOKENS}test_a_public_key_is_no_secret",
    ],
    "V9.1.3": [f"{TOKENS}test_a_token_that_is_not_of_this_sign_in_is_worth_nothing"],
    "V9.2.2": [
        f"{TOKENS}test_a_token_that_is_not_of_this_sign_in_is_worth_nothing",
        f"{OAUTH}test_a_token_is_good_for_its_own_purpose_only",
    ],
    "V10.1.1": [f"{TOKENS}test_tokens_of_the_provider_stay_on_the_server_and_are_not_kept"],
    "V10.2.2": [f"{TOKENS}test_what_one_provider_gave_is_not_told_to_another"],
    "V10.4.8": [f"{OAUTH}test_after_a_year_somebody_is_asked_again_however_often_it_was_renewed"],
    "V10.5.1": [f"{TOKENS}test_a_token_that_is_not_of_this_sign_in_is_worth_nothing"],
    "V11.2.1": [f"{KEYS}test_only_what_is_approved_is_used_and_by_libraries"],
    "V11.2.2": [
        f"{KEYS}test_a_new_secret_key_opens_what_the_old_one_sealed",
        f"{KEYS}test_a_password_is_hashed_anew_when_hashing_changes",
    ],
    "V11.2.3": [
        f"{KEYS}test_only_what_is_approved_is_used_and_by_libraries",
        f"{KEYS}test_keys_are_made_strong_and_signatures_with_old_algorithms_refused",
    ],
    "V11.3.2": [f"{KEYS}test_only_what_is_approved_is_used_and_by_libraries"],
    "V11.6.1": [f"{KEYS}test_keys_are_made_strong_and_signatures_with_old_algorithms_refused"],
    "V12.1.1": [PROXY, PROBE, WIRE],
    "V12.1.2": [PROXY, PROBE, WIRE],
    "V12.2.1": [PROXY, PROBE, WIRE],
    "V12.2.2": [PROXY, "tests/ecosystem/test_probing.py::test_nothing_is_asked_of_a_site_that_nobody_vouches_for"],
    "V12.3.1": [IN_THE_CLEAR, f"{ASKED}test_a_server_that_nobody_vouches_for_is_told_nothing", WIRE],
    "V12.3.3": [WIRE],
    "V12.3.4": [WIRE, IN_THE_CLEAR],
    "V13.2.1": [
        f"{KEYS}test_each_store_asks_who_it_is_and_each_process_has_an_account_of_its_own",
        f"{FILES_OF_DEPLOY}test_only_the_migration_knows_the_owner",
        "tests/launcher/test_postgres_roles.py::test_the_roles_may_what_they_should",
    ],
    "V13.2.5": [
        f"{PUSH}test_only_push_services_are_sent_to",
        f"{ORGANISATION}test_servers_inside_are_not_asked",
        f"{OUT}test_a54_private_addresses",
        f"{FILES_OF_DEPLOY}test_the_stores_are_on_a_network_without_internet",
    ],
    "V13.3.1": [
        f"{KEYS}test_a_secret_can_come_from_the_keeper_of_secrets",
        f"{FILES_OF_DEPLOY}test_no_secret_has_a_value_in_the_files",
    ],
    "V14.3.1": ["tests/live/test_sign_in.py::test_passkey_app_and_sign_ins"],
    "V14.3.2": [f"{EVERY}test_a69_a74_a98_no_page_of_a_person_is_kept_or_given_to_another_or_holds_a_secret"],
    "V14.3.3": [f"{FURTHER}test_browsers_keep_no_secret_and_only_what_is_known"],
    "V15.2.1": [DECISIONS, f"{FILES_OF_DEPLOY}test_the_locks_hold_what_pyproject_asks_for"],
    "V15.2.3": [f"{FURTHER}test_production_holds_nothing_of_development"],
    "V16.4.3": [f"{FURTHER}test_lines_go_to_one_place", DECISIONS],
}

# What a test named by the number leaves out.
PARTLY = {
    "F09": "without a visibility timeout that is too short: the same message is sent three times",
    "F16": "some seconds, not sixty",
    "F18": "there is no reserve of connections for quizzes",
    "F19": "the answer is a 503 that says when to come back, not a 409",
    "F28": "one web process: connections are refused while it starts",
    "A23": "essays of quizzes; hand-ins are not marked without names yet",
    "F32": "whoever promotes does it in one transaction, so a kill is a rollback; none was killed for it",
    "F30": "what is no message of Celery at all ends the worker, which its supervisor starts again",
    "F13": "no libfaketime: a library moves every clock of the process",
    "F20": "a limit of the process on the size of a file; a real full disk has another name for the error",
    "A63": "against a server of the test that speaks as ClamAV does",
    "V5.4.3": "where the operator has set up a scanner",
    "F21": "the server may write no file beyond 8 MB; a real full disk has another name for the error",
    "F25": "some seconds without network; the time of the device is not kept beside an answer",
    "F29": "the older code is today's without one reaction",
    "F35": "memory: a document that needs more than is left, in a test without worker",
    "V6.3.3": "where the environment asks it, of administrators or everybody; it does not unless told to",
    "V6.5.5": "a code of an app is also taken half a minute before and after its time",
    "V11.5.1": "the serial of a certificate, which is public, has 59 random bits",
    "V13.2.4": "webhooks of administrators go to any public address",
    "V6.2.12": "the 20 000 most common of those that were stolen, not all of them",
    "V6.5.2": "recovery codes are sealed with a key that the database does not hold, not hashed: the library makes them from a seed",
    "V11.2.3": "providers of organisations sign with the keys they have, often RSA of 2 048 bits",
    "V12.3.1": "in the compose file, on one machine, proxy, web and stores speak without it on a network of their own",
    "V12.3.3": "where the proxy is on another machine; on one machine the way to web stays within it",
    "V13.2.1": "passwords, which change when the operator runs `deploy/postgres/init.sh` again",
    "V13.2.5": "a rule instead of a list for webhooks, links and providers: any public address",
    "V13.3.1": "the vault is the operator's: Grove reads files that it gives",
    "V15.2.1": "the dates are decided and every library is pinned; nothing in the suite asks whether a hole is known",
    "V15.2.3": "`/ui/`, the pattern book of the design system, is there in production; it does nothing",
    "V16.4.3": "lines go to standard error and from there where the operator sends them",
    "A81": "10 of 20 mutations; allauth and PyJWT judge the rest",
    "A91": "a serial has 59 random bits, not 128",
}

LATER = "not built yet: "
NOT_BUILT = {
    "A30": f"{LATER}Grove as an LTI tool",
    **dict.fromkeys(("A93", "F33"), f"{LATER}vouchers"),
    "A41": f"{LATER}a gradebook",
    "A17": f"{LATER}scheduled reports",
}

# What the list of requirements calls not applicable, and Grove has all the same.
APPLIES = {"V6.8.3", "V10.4.3", "V10.4.8"}
NOT_APPLICABLE = {
    "V3.5.4": "one application on its hosts; it shares them with no other",
    "V3.5.5": "no page listens to postMessage",
    "V10.3.3": "access tokens say nothing themselves: their row names the person",
}
