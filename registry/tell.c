/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/tell.h"

bool dais_tell_sees(const dais_tell_t *tell, uint64_t seq)
{
    return dais_visible_entry(tell->rules, tell->reader, seq, dais_rules_size(tell->rules));
}

bool dais_tell_fact(const dais_tell_t *tell, dais_fact_t fact, uint32_t organisation)
{
    return dais_visible_fact(tell->rules, tell->reader, fact, organisation,
                             dais_rules_size(tell->rules));
}

bool dais_tell_org(const dais_tell_t *tell, uint64_t number, dais_organisation_row_t *org)
{
    dais_rules_store_t *store = dais_rules_store(tell->rules);
    return store->port->dense_get(store, DAIS_TABLE_ORGANISATION, number, org);
}

bool dais_tell_is_own(const dais_tell_t *tell, const dais_organisation_row_t *org)
{
    return tell->reader.role == DAIS_ROLE_OFFICE && tell->reader.actor_number != 0 &&
           org->office_number == tell->reader.actor_number;
}

unsigned dais_tell_role_of(dais_policy_body_t body)
{
    switch (body) {
    case DAIS_POLICY_BODY_SECRETARIAT: return DAIS_ROLE_SECRETARIAT;
    case DAIS_POLICY_BODY_CHAIR: return DAIS_ROLE_CHAIR;
    case DAIS_POLICY_BODY_BUREAU: return DAIS_ROLE_BUREAU;
    case DAIS_POLICY_BODY_CONFERENCE: return DAIS_ROLE_CONFERENCE;
    case DAIS_POLICY_BODY_NONE: break;
    }
    return 0;
}

static size_t name_copy(char *to, size_t size_max, dais_slice_t from)
{
    size_t size = from.size < size_max ? from.size : size_max;
    if (size > 0)
        memcpy(to, from.data, size);
    return size;
}

dais_tell_name_t dais_tell_name(const dais_tell_t *tell, uint64_t application, bool may_see)
{
    dais_tell_name_t name = {.name_size = 0};
    dais_tell_entry_t entry;
    dais_message_t message;
    const dais_kind_t *kind;
    dais_application_t subject;
    if (!tell->entry(tell->context, application, &entry) ||
        dais_message_decode(entry.message, &message, &kind).err != DAIS_OK ||
        kind->number != DAIS_KIND_APPLICATION ||
        dais_shape_decode(&dais_shape_application, message.subject, &subject).err != DAIS_OK ||
        !may_see)
        return name;
    name.name_size = name_copy(name.name, sizeof name.name, subject.applicant);
    name.country_size = name_copy(name.country, sizeof name.country, subject.country);
    name.mode = subject.mode;
    return name;
}

/* Behind the rows of a list comes its account, which has to fit as well. */
#define TELL_RESERVE 2048 /* bytes; a row and an account have fewer */

static bool tell_has_room(const dais_tell_t *tell, const dais_list_t *list)
{
    return list->count < DAIS_LIMIT_ROWS && tell->rows->capacity - tell->rows->size > TELL_RESERVE;
}

bool dais_tell_passes(dais_tell_page_t *page)
{
    if (page->place >= page->from)
        return false;
    page->place++;
    return true;
}

bool dais_tell_add(const dais_tell_t *tell, dais_tell_page_t *page, dais_list_t *list,
                   const dais_shape_t *shape, const void *row)
{
    bool is_full = page->next != 0 || !tell_has_room(tell, list) ||
                   dais_list_add(list, shape, row, tell->rows) != DAIS_OK;
    if (!is_full)
        page->place++;
    else
        page->next = page->place;
    return !is_full;
}
