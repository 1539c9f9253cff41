/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/property/view.h"

#include <stdarg.h>
#include <stdlib.h>

static void view_put(view_t *view, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void view_put(view_t *view, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    view->size += (size_t)vsnprintf(view->text + view->size, VIEW_SIZE - view->size, format, args);
    va_end(args);
    if (view->size + 4096 > VIEW_SIZE)
        abort();
}

static void view_bytes(view_t *view, dais_slice_t bytes)
{
    dais_hash_t hash = dais_hash_one(bytes);
    for (unsigned i = 0; i < 8; i++)
        view_put(view, "%02x", hash.bytes[i]);
}

/* What is closed shows its place and nothing else. */
static void view_entry(view_t *view, const played_t *entry)
{
    view_put(view, " %s by %llu for %llu at %llu ", entry->kind->name,
             entry->uid == 0 ? 0 : (unsigned long long)sequence_name(entry->message.actor.bytes),
             entry->message.on_behalf.size == DAIS_ID_SIZE
                 ? (unsigned long long)sequence_name(entry->message.on_behalf.data)
                 : 0,
             (unsigned long long)entry->facts.received_at);
    view_bytes(view, entry->subject);
    for (unsigned i = 0; i < entry->verdicts.count; i++)
        view_put(view, " %s", dais_verdict_info(entry->verdicts.codes[i])->code);
}

static void view_entries(view_t *view, player_t *player, dais_reader_who_t reader)
{
    for (uint64_t seq = 0; seq < player->count; seq++) {
        view_put(view, "%llu", (unsigned long long)seq);
        if (dais_visible_entry(player->rules, reader, seq, player->count))
            view_entry(view, &player->entries[seq]);
        view_put(view, "%s\n", dais_visible_public_from(player->rules, seq) != 0 ? " public" : "");
    }
}

/* Who objects and why; each only where it is open. */
static void view_objections(view_t *view, player_t *player, const dais_org_t *org, bool who,
                            bool why)
{
    dais_rules_store_t *store = player->store;
    dais_ob_t ob;
    dais_state_row_t row;
    uint32_t state = 0;
    while (dais_ob_next(player->rules, org, &state, &ob)) {
        if (who && store->port->dense_get(store, DAIS_TABLE_STATE, state, &row))
            view_put(view, " %.2s:%u", (const char *)row.code, ob.row.state);
        dais_slice_t reason = store->port->text_get(store, ob.row.reason_number);
        if (why && ob.row.reason_number != 0)
            view_put(view, " %.*s", (int)reason.size, (const char *)reason.data);
    }
}

static void view_fact(view_t *view, player_t *player, const dais_org_t *org, unsigned fact)
{
    const dais_organisation_row_t *row = &org->row;
    view_put(view, " %u:", fact);
    switch ((dais_fact_t)fact) {
    case DAIS_FACT_CIRCULATED: view_put(view, "%u", row->version); break;
    case DAIS_FACT_STATE: view_put(view, "%u", row->state); break;
    case DAIS_FACT_TOLD: view_put(view, "%u", row->told); break;
    case DAIS_FACT_OBJECTION: view_put(view, "%u", row->standing); break;
    case DAIS_FACT_OBJECTOR: view_objections(view, player, org, true, false); break;
    case DAIS_FACT_REASON: view_objections(view, player, org, false, true); break;
    case DAIS_FACT_CAUSE: view_put(view, "%u", row->cause); break;
    case DAIS_FACT_APPLIED:
    case DAIS_FACT_COUNTS:
    case DAIS_FACT_PARTICIPANT: break;
    }
}

/* What may be known of its objections tells of an organisation only where there is one: nobody is
 * answered that there is none. */
static bool view_tells(dais_fact_t fact, const dais_org_t *org)
{
    switch (fact) {
    case DAIS_FACT_COUNTS: return false;
    case DAIS_FACT_OBJECTION:
    case DAIS_FACT_OBJECTOR:
    case DAIS_FACT_REASON: return org->row.standing != 0;
    case DAIS_FACT_APPLIED:
    case DAIS_FACT_CIRCULATED:
    case DAIS_FACT_STATE:
    case DAIS_FACT_TOLD:
    case DAIS_FACT_CAUSE:
    case DAIS_FACT_PARTICIPANT: break;
    }
    return true;
}

/* An organisation of which the reader knows nothing has no line. */
static void view_org(view_t *view, player_t *player, dais_reader_who_t reader, uint32_t number)
{
    uint64_t size = dais_rules_size(player->rules);
    const char *standing = dais_visible_standing(player->rules, reader, number);
    bool is_known = standing != NULL;
    dais_org_t org;
    if (!dais_org_get(player->rules, number, &org))
        return;
    for (unsigned fact = 0; fact <= DAIS_FACT_PARTICIPANT; fact++)
        is_known |= view_tells((dais_fact_t)fact, &org) &&
                    dais_visible_fact(player->rules, reader, (dais_fact_t)fact, number, size);
    if (!is_known)
        return;
    view_put(view, "org %llu %s", (unsigned long long)sequence_name(org.row.id),
             standing != NULL ? standing : "-");
    for (unsigned fact = 0; fact <= DAIS_FACT_PARTICIPANT; fact++)
        if (fact != DAIS_FACT_COUNTS &&
            dais_visible_fact(player->rules, reader, (dais_fact_t)fact, number, size))
            view_fact(view, player, &org, fact);
    view_put(view, "\n");
}

static void view_row(void *context, const dais_list_row_t *row)
{
    view_put(context, "row %llu version %u category %u %d %s %llu\n",
             (unsigned long long)sequence_name(row->id.bytes), row->version, row->category,
             row->is_confirmed, row->standing != NULL ? row->standing : "-",
             (unsigned long long)row->application);
}

static void view_account(view_t *view, const char *name, const dais_list_account_t *account)
{
    view_put(view, "%s %u: %d %u %u %u %u %u %u, %u %u, %u %u\n", name, account->circulated,
             account->has_causes, account->awaiting, account->admitted, account->blocked,
             account->refused, account->withdrawn, account->lapsed, account->shown,
             account->not_shown, account->notified, account->accorded);
}

static void view_lists(view_t *view, player_t *player, dais_reader_who_t reader)
{
    dais_list_account_t account;
    if (dais_lists_circulated(player->rules, reader, view_row, view, &account))
        view_account(view, "circulated", &account);
    dais_lists_participants(player->rules, view_row, view, &account);
    view_account(view, "participants", &account);
}

static void view_counts(view_t *view, player_t *player, dais_reader_who_t reader)
{
    const dais_cycle_row_t *cycle = &player->rules->cycle;
    if (!dais_visible_fact(player->rules, reader, DAIS_FACT_COUNTS, 0,
                           dais_rules_size(player->rules)))
        return;
    view_put(view, "objections %u %u %u %u %u %u\n", cycle->lodged, cycle->standing,
             cycle->withdrawn, cycle->ruled, cycle->lapsed, cycle->objected);
}

void view_make(view_t *view, player_t *player, dais_reader_who_t reader)
{
    view->size = 0;
    view_entries(view, player, reader);
    for (uint32_t n = 1; n <= dais_org_count(player->rules); n++)
        view_org(view, player, reader, n);
    view_lists(view, player, reader);
    view_counts(view, player, reader);
}

static char *view_line(view_t *view, size_t at)
{
    while (at > 0 && view->text[at - 1] != '\n')
        at--;
    char *line = view->text + at;
    *strchrnul(line, '\n') = 0;
    return line;
}

const char *view_difference(view_t *a, view_t *b, const char **other)
{
    size_t at = 0;
    if (a->size == b->size && memcmp(a->text, b->text, a->size) == 0)
        return NULL;
    while (at < a->size && at < b->size && a->text[at] == b->text[at])
        at++;
    a->text[a->size] = b->text[b->size] = 0;
    *other = view_line(b, at);
    return view_line(a, at);
}
