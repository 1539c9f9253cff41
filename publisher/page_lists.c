/* SPDX-License-Identifier: Apache-2.0
 *
 * Who takes part, the cases that the deciding body has before it, and objections in numbers. A
 * list ends in its account: circulated = shown + not shown. Where causes are sealed, whatever kept
 * an organisation off the list is one number, and no page says more. */
#include <inttypes.h>
#include <string.h>

#include "proto/shape.h"
#include "publisher/page.h"
#include "registry/rules/lists.h"

static void sentence_put(dais_out_t *out, const dais_fold_model_t *model)
{
    dais_attended_t attended;
    char sentence[512];
    if (model->ended == 0)
        return;
    dais_fold_attended(model, attended.of);
    if (dais_lists_sentence(&attended, sentence, sizeof sentence) > 0)
        dais_out_format(out, "<p class=\"lead\">%s</p>\n", sentence);
}

static void account_put(dais_out_t *out, const dais_fold_model_t *model)
{
    dais_fold_account_t account = dais_fold_account(model);
    dais_out_put(out, "<tr><td colspan=\"4\" class=\"account\">");
    if (!account.has_account) {
        dais_out_put(out, "No list has been circulated yet.</td></tr>\n");
        return;
    }
    dais_out_format(out, "Circulated: %" PRIu64 " = shown: %" PRIu64 " + not shown: %" PRIu64 ".",
                    account.circulated, account.shown, account.not_shown);
    if (account.notified + account.accorded > 0)
        dais_out_format(out,
                        " Beside the list, by their confirmed status: %" PRIu64
                        " by notification, %" PRIu64 " accorded.",
                        account.notified, account.accorded);
    dais_out_put(out, "</td></tr>\n");
}

static void participant_put(dais_out_t *out, const dais_fold_organisation_t *org)
{
    unsigned mode = org->attended_online > 0 && org->attended_in_person == 0
                        ? DAIS_MODE_ONLINE
                        : (unsigned)org->claims.mode;
    dais_table_row(out);
    dais_out_put(out, "<th scope=\"row\">");
    dais_page_org(out, org);
    dais_out_put(out, "</th>");
    dais_table_words(out, dais_page_category(dais_fold_category(org), false));
    dais_table_cell(out, org->claims.country);
    dais_table_words(out, mode == 0 ? "" : dais_words_mode.words[mode]);
    dais_table_row_end(out);
}

static void named_put(dais_out_t *out, const dais_page_view_t *view, const uint8_t *id)
{
    size_t index = dais_fold_find(view->fold, id);
    if (index != DAIS_FOLD_NONE)
        dais_page_org(out, &view->model->organisations.items[index]);
    else
        dais_out_put(out, "an organisation that is not named to the public");
}

/* The first version is the list itself; of a later one each difference has its name. */
static void version_put(dais_out_t *out, const dais_page_view_t *view,
                        const dais_list_version_t *list)
{
    dais_list_walk_t walk = dais_list_begin(&list->added, &dais_shape_id_item);
    dais_id_item_t id;
    dais_removal_t removal;
    if (list->version == 1)
        dais_out_format(out, "%" PRIu32 " organisations circulated. ", list->added.count);
    for (size_t i = 0; list->version > 1 && dais_list_next(&walk, &id); i++) {
        dais_out_put(out, i == 0 ? "Added: " : "; ");
        named_put(out, view, id.value.bytes);
    }
    dais_out_put(out, list->version > 1 && list->added.count > 0 ? ". " : "");
    walk = dais_list_begin(&list->removed, &dais_shape_removal);
    for (size_t i = 0; dais_list_next(&walk, &removal); i++) {
        dais_out_put(out, i == 0 ? "Removed: " : "; ");
        named_put(out, view, removal.organisation.bytes);
        dais_out_put(out, " (");
        dais_out_isolated(out, removal.reason);
        dais_out_put(out, ")");
    }
    dais_out_put(out, list->removed.count > 0 ? "." : "");
}

static void versions_put(dais_out_t *out, const dais_page_view_t *view)
{
    static const char *const heads[] = {"#Version", "#Added", "#Removed", "Compared with before",
                                        "Reason",   "#Entry"};
    const dais_fold_model_t *model = view->model;
    if (model->list_versions.count == 0)
        return;
    dais_out_put(out, "<h2>Versions of the circulated list</h2>\n");
    dais_table_begin(out, "Versions, and what each changed", heads, 6);
    for (size_t i = 0; i < model->list_versions.count; i++) {
        const dais_fold_list_version_t *version = &model->list_versions.items[i];
        dais_table_row(out);
        dais_table_number(out, version->list.version);
        dais_table_number(out, version->list.added.count);
        dais_table_number(out, version->list.removed.count);
        dais_out_put(out, "<td>");
        version_put(out, view, &version->list);
        dais_out_put(out, "</td>");
        dais_table_cell(out, version->list.reason);
        dais_table_number(out, version->seq);
        dais_table_row_end(out);
    }
    dais_table_end(out);
}

static void changes_put(dais_out_t *out, const dais_fold_model_t *model)
{
    static const char *const heads[] = {"#Entry", "Organisation", "From here on", "Kind"};
    if (model->outcomes.count == 0)
        return;
    dais_out_put(out, "<h2>What changed, and when</h2>\n");
    dais_table_begin(out, "Every change of a public fact, in the order of the record", heads, 4);
    for (size_t i = 0; i < model->outcomes.count; i++) {
        const dais_fold_outcome_t *outcome = &model->outcomes.items[i];
        dais_table_row(out);
        dais_table_number(out, outcome->seq);
        dais_out_put(out, "<td>");
        dais_page_org(out, &model->organisations.items[outcome->organisation]);
        dais_out_put(out, "</td>");
        dais_table_cell(out, outcome->fact);
        dais_table_words(out, outcome->is_lapse ? "lapse" : "outcome");
        dais_table_row_end(out);
    }
    dais_table_end(out);
}

void dais_page_participants(dais_out_t *out, const dais_page_view_t *view)
{
    static const char *const heads[] = {"Organisation", "Category", "Country", "Mode"};
    const dais_fold_model_t *model = view->model;
    dais_page_begin(out, view, DAIS_PAGE_PARTICIPANTS, "", dais_slice_text("Participants"));
    sentence_put(out, model);
    dais_table_begin(out, "Organisations that take part", heads, 4);
    for (size_t i = 0; i < model->organisations.count; i++) {
        if (model->organisations.items[i].takes_part)
            participant_put(out, &model->organisations.items[i]);
    }
    dais_table_foot(out);
    account_put(out, model);
    dais_table_foot_end(out);
    versions_put(out, view);
    changes_put(out, model);
    dais_page_end(out, view, "");
}

static void targets_put(dais_out_t *out, const dais_page_view_t *view, const dais_list_t *targets)
{
    dais_list_walk_t walk = dais_list_begin(targets, &dais_shape_id_item);
    dais_id_item_t id;
    for (size_t i = 0; dais_list_next(&walk, &id); i++) {
        dais_out_put(out, i == 0 ? "" : "; ");
        named_put(out, view, id.value.bytes);
    }
}

static void decisions_put(dais_out_t *out, const dais_page_view_t *view)
{
    static const char *const heads[] = {"#Entry", "Question", "Organisations", "Body and session",
                                        "#For",   "#Against", "#Abstaining",   "Result"};
    const dais_fold_model_t *model = view->model;
    dais_out_put(out, "<h2>Decisions</h2>\n");
    if (model->decisions.count == 0) {
        dais_out_put(out, "<p>None is open to the public.</p>\n");
        return;
    }
    dais_table_begin(out, "Decisions and corrections", heads, 8);
    for (size_t i = 0; i < model->decisions.count; i++) {
        const dais_fold_decision_t *item = &model->decisions.items[i];
        const dais_decision_t *decision = &item->decision;
        dais_table_row(out);
        dais_table_number(out, item->seq);
        dais_table_words(out, dais_words_question.words[decision->question]);
        dais_out_put(out, "<td>");
        targets_put(out, view, &decision->targets);
        dais_out_put(out, "</td><td>");
        dais_out_isolated(out, decision->body);
        dais_out_put(out, ", ");
        dais_out_isolated(out, decision->session);
        dais_out_put(out, "</td>");
        dais_table_number(out, decision->yes);
        dais_table_number(out, decision->no);
        dais_table_number(out, decision->abstained);
        dais_out_format(out, "<td>%s%s%s", dais_words_result.words[decision->result],
                        item->is_correction ? ", a correction" : "",
                        item->corrected_by != 0 ? ", superseded by a correction" : "");
        dais_out_put(out, "</td>");
        dais_table_row_end(out);
    }
    dais_table_end(out);
}

static void referrals_put(dais_out_t *out, const dais_fold_model_t *model)
{
    static const char *const heads[] = {"#Entry", "#Cases", "Body", "Session"};
    if (model->referrals.count == 0)
        return;
    dais_out_put(out, "<h2>Referrals</h2>\n");
    dais_table_begin(out, "Cases put to the body that decides", heads, 4);
    for (size_t i = 0; i < model->referrals.count; i++) {
        const dais_fold_referral_t *item = &model->referrals.items[i];
        dais_table_row(out);
        dais_table_number(out, item->seq);
        dais_table_number(out, item->referral.targets.count);
        dais_table_cell(out, item->referral.body);
        dais_table_cell(out, item->referral.session);
        dais_table_row_end(out);
    }
    dais_table_end(out);
}

void dais_page_cases(dais_out_t *out, const dais_page_view_t *view)
{
    const dais_fold_model_t *model = view->model;
    uint64_t standing = 0;
    dais_page_begin(out, view, DAIS_PAGE_CASES, "", dais_slice_text("Cases before the Conference"));
    dais_out_put(out, "<p>An objection by a State is not settled by the Chair or the secretariat. "
                      "It becomes a case for the body that the procedure names: ");
    if (model->policy.decider.name.size > 0)
        dais_out_isolated(out, model->policy.decider.name);
    else
        dais_out_put(out, "none in this procedure");
    dais_out_put(out, ".</p>\n");
    if (dais_fold_tallied(model, "objections.organisations", &standing))
        dais_out_format(out,
                        "<p class=\"lead\">Organisations with an objection that stands: %" PRIu64
                        ". Each is a case until it is withdrawn or decided.</p>\n",
                        standing);
    else
        dais_out_put(out, "<p>How many cases there are is not public, or not yet.</p>\n");
    if (model->policy.disclosure_objector != DAIS_POLICY_DISCLOSURE_PUBLIC)
        dais_out_put(out, "<p>Who objected is not public under this procedure.</p>\n");
    referrals_put(out, model);
    decisions_put(out, view);
    dais_page_end(out, view, "");
}

/* Numbers whose name begins with `prefix`, or all others. */
static void counts_put(dais_out_t *out, const dais_tally_t *tally, const char *caption,
                       const char *prefix, bool begins)
{
    static const char *const heads[] = {"What is counted", "#Number"};
    dais_list_walk_t walk = dais_list_begin(&tally->counts, &dais_shape_count);
    dais_count_t count;
    size_t size = strlen(prefix);
    dais_table_begin(out, caption, heads, 2);
    while (dais_list_next(&walk, &count)) {
        bool has = count.name.size > size && memcmp(count.name.data, prefix, size) == 0;
        if (has != begins)
            continue;
        dais_table_row(out);
        dais_out_put(out, "<th scope=\"row\">");
        dais_page_word(out, has ? dais_slice(count.name.data + size, count.name.size - size)
                                : count.name);
        dais_out_put(out, "</th>");
        dais_table_number(out, count.number);
        dais_table_row_end(out);
    }
    dais_table_end(out);
}

void dais_page_objections(dais_out_t *out, const dais_page_view_t *view)
{
    const dais_fold_model_t *model = view->model;
    dais_page_begin(out, view, DAIS_PAGE_OBJECTIONS, "", dais_slice_text("Objections in numbers"));
    if (model->tallies.count == 0) {
        dais_out_put(out, "<p>Nothing has been counted yet.</p>\n");
        dais_page_end(out, view, "");
        return;
    }
    const dais_fold_tally_t *last = &model->tallies.items[model->tallies.count - 1];
    dais_out_format(out,
                    "<p>As entry %" PRIu64 " of the record counts them. A number that is too small "
                    "to stand alone is put together with others.</p>\n",
                    last->seq);
    if (model->policy.disclosure_fact == DAIS_POLICY_DISCLOSURE_PUBLIC ||
        model->policy.disclosure_fact == DAIS_POLICY_DISCLOSURE_COUNT_ONLY)
        counts_put(out, &last->tally, "Objections, by what became of them", "objections.", true);
    else
        dais_out_put(out, "<p>How many objections there are is not public under this "
                          "procedure.</p>\n");
    counts_put(out, &last->tally, "What else this procedure counts", "objections.", false);
    dais_page_end(out, view, "");
}
