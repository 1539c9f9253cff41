/* SPDX-License-Identifier: Apache-2.0
 *
 * The two lists. As of an earlier version a list is made by going through the list versions again;
 * it has the members of that version, with the standing that they have now. */
#include <stdlib.h>

#include "registry/tell.h"

typedef struct {
    const dais_tell_t *tell;
    dais_answer_list_t *answer;
    dais_tell_page_t page;
} list_telling_t;

static void list_tell_row(void *context, const dais_list_row_t *row)
{
    list_telling_t *telling = (list_telling_t *)context;
    const dais_tell_t *tell = telling->tell;
    dais_organisation_row_t org = {.applied = 0};
    if (!dais_tell_org(tell, row->organisation, &org) || dais_tell_passes(&telling->page))
        return;
    dais_tell_name_t name = dais_tell_name(tell, org.applied, row->application != 0);
    dais_list_line_t line = {
        .organisation = row->id,
        .name = dais_slice(name.name, name.name_size),
        .category = row->category,
        .confirmed = row->is_confirmed ? 1 : 0,
        .country = dais_slice(name.country, name.country_size),
        .mode = name.mode,
        .version = row->version,
        .standing = dais_slice_text(row->standing == NULL ? "" : row->standing),
    };
    (void)dais_tell_add(tell, &telling->page, &telling->answer->rows, &dais_shape_list_line, &line);
}

static void list_pass_over(void *context, const dais_list_row_t *row)
{
    (void)context;
    (void)row;
}

static dais_list_row_t list_row(const dais_tell_t *tell, uint32_t number,
                                const dais_organisation_row_t *org)
{
    dais_list_row_t row = {
        .organisation = number,
        .version = org->version,
        .category = org->confirmed_category != 0 ? org->confirmed_category : org->category,
        .is_confirmed = org->confirmed_category != 0,
        .standing = dais_visible_standing(tell->rules, tell->reader, number),
        .application = dais_tell_sees(tell, org->applied) ? org->applied : 0,
    };
    memcpy(row.id.bytes, org->id, sizeof row.id.bytes);
    return row;
}

/* Which organisations a version left on the list; index is the number. */
typedef struct {
    uint8_t *on;
    uint64_t count; /* organisations there are */
} list_members_t;

static void members_set(const dais_tell_t *tell, list_members_t *members, const dais_id_t *id,
                        bool is_on)
{
    dais_rules_store_t *store = dais_rules_store(tell->rules);
    uint64_t number =
        store->port->find(store, DAIS_INDEX_ORGANISATION, dais_slice(id->bytes, sizeof id->bytes));
    if (number != 0 && number <= members->count)
        members->on[number] = is_on ? 1 : 0;
}

/* False if the entry is of a later version than `last`: then nothing of it is done. */
static bool members_apply(const dais_tell_t *tell, list_members_t *members, uint64_t seq,
                          uint64_t last)
{
    dais_tell_entry_t entry;
    dais_message_t message;
    const dais_kind_t *kind;
    dais_list_version_t version;
    if (!tell->entry(tell->context, seq, &entry) ||
        dais_message_decode(entry.message, &message, &kind).err != DAIS_OK ||
        dais_shape_decode(&dais_shape_list_version, message.subject, &version).err != DAIS_OK)
        return true;
    if (version.version > last)
        return false;
    dais_list_walk_t walk = dais_list_begin(&version.added, &dais_shape_id_item);
    for (dais_id_item_t item; dais_list_next(&walk, &item);)
        members_set(tell, members, &item.value, true);
    walk = dais_list_begin(&version.removed, &dais_shape_removal);
    for (dais_removal_t removal; dais_list_next(&walk, &removal);)
        members_set(tell, members, &removal.organisation, false);
    return true;
}

static dais_err_t members_collect(const dais_tell_t *tell, uint64_t last, list_members_t *members)
{
    dais_rules_store_t *store = dais_rules_store(tell->rules);
    dais_row_key_t key = {{0}};
    dais_cycle_row_t cycle;
    members->count = store->port->count(store, DAIS_TABLE_ORGANISATION);
    members->on = (uint8_t *)calloc(members->count + 1, 1);
    if (members->on == NULL)
        return DAIS_ERR_NO_MEMORY;
    if (!store->port->sorted_get(store, DAIS_TABLE_CYCLE, &key, &cycle) || cycle.listed == 0)
        return DAIS_OK;
    for (uint64_t seq = cycle.listed; seq < dais_rules_size(tell->rules); seq++) {
        dais_entry_row_t row;
        bool is_version = store->port->dense_get(store, DAIS_TABLE_ENTRY, seq + 1, &row) &&
                          row.kind == DAIS_KIND_LIST_VERSION &&
                          (row.marks & DAIS_ENTRY_REFUSED) == 0;
        if (is_version && !members_apply(tell, members, seq, last))
            break;
    }
    return DAIS_OK;
}

/* Its own rows are all that somebody gets who does not read the list. */
static dais_err_t list_tell_members(list_telling_t *telling, const list_members_t *members,
                                    bool reads, dais_account_t *account)
{
    const dais_tell_t *tell = telling->tell;
    for (uint64_t number = 1; number <= members->count; number++) {
        dais_organisation_row_t org;
        if (members->on[number] == 0 || !dais_tell_org(tell, number, &org))
            continue;
        account->circulated += reads ? 1 : 0;
        dais_list_row_t row = list_row(tell, (uint32_t)number, &org);
        if (dais_tell_fact(tell, DAIS_FACT_CIRCULATED, (uint32_t)number))
            list_tell_row(telling, &row);
    }
    return dais_rules_store(tell->rules)->err;
}

static dais_account_t list_account(const dais_list_account_t *account)
{
    return (dais_account_t){
        .has_causes = account->has_causes ? 1 : 0,
        .awaiting = account->awaiting,
        .admitted = account->admitted,
        .blocked = account->blocked,
        .refused = account->refused,
        .withdrawn = account->withdrawn,
        .lapsed = account->lapsed,
        .circulated = account->circulated,
        .shown = account->shown,
        .not_shown = account->not_shown,
        .notified = account->notified,
        .accorded = account->accorded,
    };
}

static dais_err_t list_tell_circulated(list_telling_t *telling, uint64_t version,
                                       dais_account_t *account)
{
    const dais_tell_t *tell = telling->tell;
    dais_list_account_t now;
    list_members_t members;
    bool is_now = version == 0 || version == telling->answer->version;
    bool reads = dais_lists_circulated(tell->rules, tell->reader,
                                       is_now ? list_tell_row : list_pass_over, telling, &now);
    if (is_now && reads) {
        *account = list_account(&now);
        return DAIS_OK;
    }
    dais_err_t err = members_collect(tell, is_now ? telling->answer->version : version, &members);
    if (err == DAIS_OK)
        err = list_tell_members(telling, &members, reads, account);
    free(members.on);
    return err;
}

static dais_err_t list_add_account(const dais_tell_t *tell, const dais_account_t *account,
                                   dais_answer_list_t *answer)
{
    return dais_list_add(&answer->account, &dais_shape_account, account, tell->rows);
}

dais_err_t dais_tell_list(const dais_tell_t *tell, const dais_ask_list_t *ask,
                          dais_answer_list_t *answer)
{
    dais_rules_store_t *store = dais_rules_store(tell->rules);
    dais_row_key_t key = {{0}};
    dais_cycle_row_t cycle = {.list_version = 0};
    dais_account_t account = {.circulated = 0};
    dais_err_t err = DAIS_OK;
    (void)store->port->sorted_get(store, DAIS_TABLE_CYCLE, &key, &cycle);
    *answer = (dais_answer_list_t){.what = DAIS_WHAT_LIST,
                                   .list = ask->list,
                                   .size = dais_rules_size(tell->rules),
                                   .version = cycle.list_version};
    list_telling_t telling = {.tell = tell, .answer = answer, .page = {.from = ask->from}};
    if (ask->list == DAIS_LIST_PARTICIPANTS) {
        dais_list_account_t participants;
        dais_lists_participants(tell->rules, list_tell_row, &telling, &participants);
        account = list_account(&participants);
    } else if (ask->version <= cycle.list_version) {
        err = list_tell_circulated(&telling, ask->version, &account);
    }
    answer->next = telling.page.next;
    if (err == DAIS_OK)
        err = list_add_account(tell, &account, answer);
    if (ask->version != 0 && ask->list == DAIS_LIST_CIRCULATED)
        answer->version = ask->version;
    return err == DAIS_OK ? store->err : err;
}
