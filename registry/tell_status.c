/* SPDX-License-Identifier: Apache-2.0
 *
 * What became of what somebody has said or acts for: an office's organisations and their comments,
 * a State's objections, and any one message of the asker's by its id. */
#include "registry/tell.h"

static bool status_wants(const dais_ask_status_t *ask, const uint8_t id[DAIS_ID_SIZE])
{
    return ask->id.size == 0 || memcmp(ask->id.data, id, DAIS_ID_SIZE) == 0;
}

static void status_orgs(const dais_tell_t *tell, const dais_ask_status_t *ask,
                        dais_tell_things_t *things)
{
    dais_rules_store_t *store = dais_rules_store(tell->rules);
    uint64_t count = store->port->count(store, DAIS_TABLE_ORGANISATION);
    for (uint64_t number = 1; number <= count; number++) {
        dais_organisation_row_t org;
        if (dais_tell_org(tell, number, &org) && dais_tell_is_own(tell, &org) &&
            status_wants(ask, org.id))
            dais_tell_collect(things, DAIS_STATUS_APPLICATION, number, 0);
    }
}

/* Asked for an organisation, its comments are told as well. */
static void status_comments(const dais_tell_t *tell, const dais_ask_status_t *ask,
                            dais_tell_things_t *things)
{
    dais_rules_store_t *store = dais_rules_store(tell->rules);
    uint64_t count = store->port->count(store, DAIS_TABLE_COMMENT);
    for (uint64_t number = 1; number <= count; number++) {
        dais_comment_row_t comment;
        dais_organisation_row_t org;
        if (store->port->dense_get(store, DAIS_TABLE_COMMENT, number, &comment) &&
            dais_tell_org(tell, comment.organisation_number, &org) &&
            dais_tell_is_own(tell, &org) &&
            (status_wants(ask, comment.id) || status_wants(ask, org.id)))
            dais_tell_collect(things, DAIS_STATUS_COMMENT, number, 0);
    }
}

static void status_objections(const dais_tell_t *tell, const dais_ask_status_t *ask,
                              dais_tell_things_t *things)
{
    dais_rules_store_t *store = dais_rules_store(tell->rules);
    uint64_t count = store->port->count(store, DAIS_TABLE_OBJECTION);
    for (uint64_t number = 1; number <= count; number++) {
        dais_objection_row_t objection;
        dais_organisation_row_t org;
        if (store->port->dense_get(store, DAIS_TABLE_OBJECTION, number, &objection) &&
            tell->reader.state_number != 0 && objection.state_number == tell->reader.state_number &&
            dais_tell_org(tell, objection.organisation_number, &org) && status_wants(ask, org.id))
            dais_tell_collect(things, DAIS_STATUS_OBJECTION, number, 0);
    }
}

/* One message of the asker's own. */
static void status_message(const dais_tell_t *tell, const dais_ask_status_t *ask,
                           dais_tell_things_t *things)
{
    dais_id_t id;
    if (ask->id.size != sizeof id.bytes || tell->who.key_number == 0)
        return;
    memcpy(id.bytes, ask->id.data, sizeof id.bytes);
    uint64_t seq = dais_rules_find(tell->rules, &id, &tell->who.actor);
    if (seq != 0)
        dais_tell_collect(things, DAIS_STATUS_MESSAGE, seq, 1);
}

dais_err_t dais_tell_status(const dais_tell_t *tell, const dais_ask_status_t *ask,
                            dais_answer_status_t *answer)
{
    dais_tell_things_t things = {.count = 0};
    *answer = (dais_answer_status_t){.what = DAIS_WHAT_STATUS};
    status_orgs(tell, ask, &things);
    status_comments(tell, ask, &things);
    status_objections(tell, ask, &things);
    status_message(tell, ask, &things);
    return dais_tell_things(tell, &things, ask->from, answer);
}
