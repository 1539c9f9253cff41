/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/sample.h"
#include "tests/support/sample_arena.h"
#include "tests/support/sample_notation.h"

#define APPLICANT                                                                                  \
    "'Rivers Watch' ngo 'XB' no yes in-person 3 ['registration-certificate' 'statutes'] $mandate"
#define DECISION                                                                                   \
    "admit [$rivers-watch $harbour-forum] recorded 61 12 9 carried none "                          \
    "'Conference of the Parties' 'thirteenth session' ''"

/* One example of each subject, by the name of its shape (sample_notation.h). */
static const struct {
    const char *shape;
    const char *notation;
} subjects[] = {
    {"call", "'Dialogue on trafficking by sea' 'DLG/2027' [('WG.7' 'Working Group, 7th session')] "
             "[('capacity' '60' source 'DLG/2027/INF.1, para. 4')] "
             "[(application-deadline 2027-04-01T22:00:00Z '2027-04-01 24:00' 'Europe/Vienna') "
             "(comment-deadline 2027-04-30T22:00:00Z '2027-04-30 24:00' 'Europe/Vienna')] "
             "'2026b' ['XA' 'XB' 'XC']"},
    {"open", "10"},
    {"session_concluded", "'WG.7' 2027-05-28T16:00:00Z"},
    {"report_adopted", "'WG.7' 'DLG/WG.7/2027/4' 2027-05-28T15:40:00Z"},
    {"officers", "[(chair 'A. Example' 'Ambassador' 'XC') (rapporteur 'B. Example' '' 'XD')]"},
    {"agenda_item", "3 'Tracing of vessels'"},
    {"document", "'DLG/2027/1' 'Provisional agenda' 0 'en' $agenda"},
    {"topic", "4 'Registers' 'Prevention' ['8' '12 bis']"},
    {"register_change", "'XE' yes 'Protocol on Vessels' 2027-04-02T00:00:00Z"},
    {"application", "- " APPLICANT},
    {"amendment", "$rivers-watch " APPLICANT},
    {"withdrawal", "comment $comment-1@2027-04-12T14:20:00.125Z"},
    {"status_confirmed", "$rivers-watch ngo no yes 'DLG/2025/INF.2, annex'"},
    {"screening", "$rivers-watch-2 duplicate 'same-organisation' $rivers-watch"},
    {"merge", "$rivers-watch $rivers-watch-2"},
    {"transfer", "$rivers-watch $office"},
    {"list_version", "2 [$harbour-forum] [($rivers-watch-2 'same-organisation')] "
                     "[(objection-closes 2027-05-10T22:00:00Z '2027-05-10 24:00' "
                     "'Europe/Vienna')] 'one application came twice'"},
    {"calendar_change", "extend [(comment-deadline 2027-05-07T22:00:00Z '2027-05-07 24:00' "
                        "'Europe/Vienna')] '2026b' 'the web site was down for two days'"},
    {"late_permit", "$office application 2027-04-05T22:00:00Z 'post was delayed by a storm'"},
    {"objection", "[($harbour-forum 'unrelated-aims') ($rivers-watch '')] ['XC'] ''"},
    {"co_signature", "$objection-1 [($harbour-forum 'unrelated-aims')]"},
    {"reason_added", "[($rivers-watch 'unrelated-aims')]"},
    {"objection_withdrawal", "[$rivers-watch]"},
    {"presence", "'WG.7' ['XA' 'XB' 'XC' 'XD']"},
    {"referral", "[$harbour-forum] 'Conference of the Parties' 'thirteenth session'"},
    {"endorsement", "2 carried"},
    {"decision", DECISION},
    {"correction", "412 " DECISION},
    {"correspondence", "[$harbour-forum] 'CU 2027/118' 2027-05-03T00:00:00Z"},
    {"invitation", "[$rivers-watch $harbour-forum]"},
    {"registration", "$rivers-watch in-person 2"},
    {"attendance", "$rivers-watch online 1"},
    {"intervention", "organisation $rivers-watch '' 3 [1 4]"},
    {"comment", "'Tracing of seized vessels' 'en' 20 3 [1 4] -"},
    {"comment_ruling", "$comment-2 return 'names-a-person' 120 164"},
    {"suggestion", "$comment-2 0 'Share registers of vessels before any sale.' '8' 'States' 4"},
    {"summary", "1 'en' 37"},
    {"disclosure_request", "[$rivers-watch $harbour-forum]"},
    {"disclosure", "[8 13] state 'XA'"},
    {"withholding", "[8] 'disclosure-never'"},
    {"erasure", "[5] 'names-a-person'"},
    {"notice", "$harbour-forum application 2027-05-12T22:00:00Z"},
    {"reply", "$harbour-forum 37"},
    {"roster_change",
     "add $office office '' 'office.example/east-2' 'Eastern Office' $office.key $office.box 0"},
    {"intake_lost", "$intake.key 'the host burned'"},
    {"clock_accepted", "2027-04-12T14:00:00Z 'compared with the telephone clock'"},
    {"cancellation", "'the session is put off to another year'"},
    {"closing_order", "'registry.example/dialogue-2028'"},
    {"second", "37"},
    {"fork_evidence", "$fork $forked"},
    {"tick", "comment-deadline 2027-04-30T22:00:00Z [($mark)] [$parked]"},
    {"turned_away", "$forked 'chain-fork'"},
    {"outcome", "$harbour-forum 'blocked' '' ''"},
    {"tally", "2 [('objections-lodged' 3) ('objections-standing' 1)]"},
    {"lapse", "$harbour-forum 'not-admitted'"},
    {"close", "530 []"},
    {"reserved", "-"},
};

/* Kinds that a log of the examples holds: a change of their subjects would change golden files. */
static const dais_shape_t *const frozen[] = {
    &dais_shape_roster_change,      &dais_shape_comment,     &dais_shape_withdrawal,
    &dais_shape_disclosure_request, &dais_shape_turned_away,
};

static bool is_draft(const dais_shape_t *shape)
{
    for (size_t i = 0; i < sizeof frozen / sizeof frozen[0]; i++) {
        if (frozen[i] == shape)
            return false;
    }
    return true;
}

static const char *notation_of(const dais_shape_t *shape)
{
    for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++) {
        if (strcmp(subjects[i].shape, shape->name) == 0)
            return subjects[i].notation;
    }
    dais_sample_fail("no example of the subject", shape->name);
}

static bool already_there(const dais_sample_list_t *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i].name, name) == 0)
            return true;
    }
    return false;
}

void dais_sample_add_subjects(dais_sample_list_t *list)
{
    for (const dais_kind_t *kind = dais_kinds; kind->name != NULL; kind++) {
        const dais_shape_t *shape = kind->subject;
        if (kind->number == DAIS_KIND_GENESIS || already_there(list, shape->name))
            continue;
        dais_sample_t sample = {.name = shape->name,
                                .text = shape->text,
                                .form = DAIS_SAMPLE_SUBJECT,
                                .shape = shape,
                                .draft = is_draft(shape),
                                .bytes = dais_sample_notation(shape, notation_of(shape))};
        dais_sample_add(list, &sample);
    }
}

static dais_item_t own_of_kind(const dais_kind_t *kind)
{
    dais_own_t own = {.log = dais_sample_log()->log,
                      .kind = kind->number,
                      .subject = dais_sample_notation(kind->subject, notation_of(kind->subject))};
    dais_writer_t writer = dais_sample_writer();
    dais_sample_must(dais_own_encode(&own, &writer));
    return (dais_item_t){.message = dais_sample_keep(&writer)};
}

dais_item_t dais_sample_of_kind(const dais_kind_t *kind)
{
    if (kind->stream == DAIS_STREAM_OWN)
        return own_of_kind(kind);
    dais_sample_said_t said = {.name = kind->name,
                               .actor = kind->stream == DAIS_STREAM_SEALED ? "mission" : "office",
                               .said_at = "2027-04-12T14:20:00Z",
                               .kind = kind->number,
                               .subject = notation_of(kind->subject),
                               .public_content = "For all to read.\n",
                               .private_content = "For few to read.\n"};
    return dais_sample_say(&dais_sample_log()->log, &said);
}
