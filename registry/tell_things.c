/* SPDX-License-Identifier: Apache-2.0
 *
 * The rows of a status or queue. A thing is named by its number; who may be told of it was settled
 * when it was collected. */
#include <stdlib.h>

#include "registry/tell.h"

#define THINGS_FIRST 64 /* room to begin with */

void dais_tell_collect(dais_tell_things_t *things, unsigned thing, uint64_t number,
                       uint64_t urgency)
{
    if (things->err != DAIS_OK || things->count == DAIS_TELL_THINGS_MAX)
        return;
    if (things->count == things->capacity) {
        size_t capacity = things->capacity == 0 ? THINGS_FIRST : 2 * things->capacity;
        dais_tell_thing_t *more =
            (dais_tell_thing_t *)realloc(things->things, capacity * sizeof *more);
        if (more == NULL) {
            things->err = DAIS_ERR_NO_MEMORY;
            return;
        }
        things->things = more;
        things->capacity = capacity;
    }
    things->things[things->count++] =
        (dais_tell_thing_t){.urgency = urgency, .number = number, .thing = thing};
}

static int things_order(const void *a, const void *b)
{
    const dais_tell_thing_t *one = (const dais_tell_thing_t *)a;
    const dais_tell_thing_t *other = (const dais_tell_thing_t *)b;
    if (one->urgency != other->urgency)
        return one->urgency < other->urgency ? -1 : 1;
    if (one->thing != other->thing)
        return one->thing < other->thing ? -1 : 1;
    return one->number < other->number ? -1 : one->number > other->number;
}

/* A line while it is put together, with the texts that it points to. */
typedef struct {
    dais_status_line_t line;
    dais_tell_name_t name;
    char title[DAIS_LIMIT_NAME];
    size_t title_size;
} thing_line_t;

static void line_times(const dais_tell_t *tell, thing_line_t *out)
{
    dais_tell_entry_t entry;
    if (!tell->entry(tell->context, out->line.seq, &entry))
        return;
    out->line.received_at = entry.received_at;
    out->line.logged_at = entry.logged_at;
}

static void line_id(dais_id_t *to, const uint8_t from[DAIS_ID_SIZE])
{
    memcpy(to->bytes, from, DAIS_ID_SIZE);
}

/* Of an organisation: its id, and its name where the reader may see the application. */
static bool line_org(const dais_tell_t *tell, uint64_t number, dais_organisation_row_t *org,
                     thing_line_t *out)
{
    if (!dais_tell_org(tell, number, org))
        return false;
    line_id(&out->line.organisation, org->id);
    out->name = dais_tell_name(tell, org->applied, dais_tell_sees(tell, org->applied));
    return true;
}

static bool line_application(const dais_tell_t *tell, uint64_t number, thing_line_t *out)
{
    dais_organisation_row_t org;
    if (!line_org(tell, number, &org, out))
        return false;
    const char *standing = dais_visible_standing(tell->rules, tell->reader, (uint32_t)number);
    line_id(&out->line.id, org.id);
    out->line.seq = org.applied;
    out->line.standing = dais_slice_text(standing == NULL ? "" : standing);
    out->line.reply_by = org.reply_by;
    return true;
}

static void line_title(const dais_tell_t *tell, uint64_t seq, thing_line_t *out)
{
    dais_tell_entry_t entry;
    dais_message_t message;
    const dais_kind_t *kind;
    dais_comment_t comment;
    if (!tell->entry(tell->context, seq, &entry) ||
        dais_message_decode(entry.message, &message, &kind).err != DAIS_OK ||
        kind->number != DAIS_KIND_COMMENT ||
        dais_shape_decode(&dais_shape_comment, message.subject, &comment).err != DAIS_OK)
        return;
    out->title_size = comment.title.size;
    memcpy(out->title, comment.title.data, comment.title.size);
}

static bool line_comment(const dais_tell_t *tell, uint64_t number, thing_line_t *out)
{
    dais_rules_store_t *store = dais_rules_store(tell->rules);
    dais_comment_row_t comment;
    dais_organisation_row_t org;
    if (!store->port->dense_get(store, DAIS_TABLE_COMMENT, number, &comment))
        return false;
    if (dais_tell_org(tell, comment.organisation_number, &org))
        line_id(&out->line.organisation, org.id);
    line_id(&out->line.id, comment.id);
    line_title(tell, comment.entry, out);
    out->line.seq = comment.entry;
    out->line.standing =
        dais_slice_text(dais_machine(DAIS_MACHINE_COMMENT)->states[comment.state].name);
    return true;
}

/* Under the id of the message by which it was lodged. */
static void line_message_id(const dais_tell_t *tell, uint64_t seq, thing_line_t *out)
{
    dais_tell_entry_t entry;
    dais_message_t message;
    const dais_kind_t *kind;
    if (tell->entry(tell->context, seq, &entry) &&
        dais_message_decode(entry.message, &message, &kind).err == DAIS_OK)
        out->line.id = message.id;
}

static bool line_objection(const dais_tell_t *tell, uint64_t number, thing_line_t *out)
{
    dais_rules_store_t *store = dais_rules_store(tell->rules);
    dais_objection_row_t objection;
    dais_organisation_row_t org;
    if (!store->port->dense_get(store, DAIS_TABLE_OBJECTION, number, &objection) ||
        !line_org(tell, objection.organisation_number, &org, out))
        return false;
    line_message_id(tell, objection.instrument, out);
    out->line.seq = objection.instrument;
    out->line.standing =
        dais_slice_text(dais_machine(DAIS_MACHINE_OBJECTION)->states[objection.state].name);
    return true;
}

static bool line_case(const dais_tell_t *tell, uint64_t number, thing_line_t *out)
{
    dais_rules_store_t *store = dais_rules_store(tell->rules);
    dais_case_row_t row;
    dais_organisation_row_t org;
    if (!store->port->dense_get(store, DAIS_TABLE_CASE, number, &row) ||
        !line_org(tell, row.organisation_number, &org, out))
        return false;
    line_id(&out->line.id, org.id);
    out->line.seq = row.referred != 0 ? row.referred : row.raised;
    out->line.standing = dais_slice_text(dais_machine(DAIS_MACHINE_CASE)->states[row.state].name);
    return true;
}

/* A notice is told as of the organisation that may reply to it. */
static bool line_notice(const dais_tell_t *tell, uint64_t seq, thing_line_t *out)
{
    dais_rules_store_t *store = dais_rules_store(tell->rules);
    dais_row_key_t key = {{seq}};
    dais_notice_row_t notice;
    dais_organisation_row_t org;
    if (!store->port->sorted_get(store, DAIS_TABLE_NOTICE, &key, &notice) ||
        !line_org(tell, notice.organisation_number, &org, out))
        return false;
    line_message_id(tell, seq, out);
    out->line.seq = seq;
    out->line.standing = dais_slice_text("reply");
    out->line.reply_by = notice.reply_by;
    return true;
}

/* Named by its kind: that is what the second holder has to look at. */
static bool line_entry(const dais_tell_t *tell, uint64_t seq, bool is_second, thing_line_t *out)
{
    dais_tell_entry_t entry;
    dais_message_t message;
    const dais_kind_t *kind;
    if (!tell->entry(tell->context, seq, &entry) ||
        dais_message_decode(entry.message, &message, &kind).err != DAIS_OK)
        return false;
    const dais_verdict_info_t *verdict = dais_verdict_info(entry.verdict);
    out->line.id = message.id;
    out->line.seq = seq;
    out->title_size = strlen(kind->name);
    memcpy(out->title, kind->name, out->title_size);
    out->line.standing = dais_slice_text(is_second         ? "second"
                                         : verdict == NULL ? ""
                                                           : verdict->code);
    return true;
}

static bool line_list(const dais_tell_t *tell, uint64_t seq, thing_line_t *out)
{
    out->line.seq = seq;
    line_message_id(tell, seq, out);
    out->line.standing = dais_slice_text("endorse");
    return true;
}

static bool thing_line(const dais_tell_t *tell, const dais_tell_thing_t *thing, thing_line_t *out)
{
    switch (thing->thing) {
    case DAIS_STATUS_APPLICATION: return line_application(tell, thing->number, out);
    case DAIS_STATUS_COMMENT: return line_comment(tell, thing->number, out);
    case DAIS_STATUS_OBJECTION: return line_objection(tell, thing->number, out);
    case DAIS_STATUS_CASE: return line_case(tell, thing->number, out);
    case DAIS_STATUS_NOTICE: return line_notice(tell, thing->number, out);
    case DAIS_STATUS_LIST: return line_list(tell, thing->number, out);
    case DAIS_STATUS_SECOND:
    case DAIS_STATUS_MESSAGE:
        return line_entry(tell, thing->number, thing->thing == DAIS_STATUS_SECOND, out);
    default: return false;
    }
}

static bool thing_tell(const dais_tell_t *tell, const dais_tell_thing_t *thing,
                       dais_tell_page_t *page, dais_answer_status_t *answer)
{
    thing_line_t out = {.line = {.thing = thing->thing}};
    if (!thing_line(tell, thing, &out))
        return true;
    out.line.name = out.title_size > 0 ? dais_slice(out.title, out.title_size)
                                       : dais_slice(out.name.name, out.name.name_size);
    line_times(tell, &out);
    return dais_tell_add(tell, page, &answer->rows, &dais_shape_status_line, &out.line);
}

dais_err_t dais_tell_things(const dais_tell_t *tell, dais_tell_things_t *things, uint64_t from,
                            dais_answer_status_t *answer)
{
    if (things->count > 0)
        qsort(things->things, things->count, sizeof *things->things, things_order);
    answer->size = dais_rules_size(tell->rules);
    /* Every place counts here, also that of a thing of which there is nothing to tell. */
    dais_tell_page_t page = {.from = from};
    for (uint64_t place = from; place < things->count; place++) {
        page.place = place;
        if (!thing_tell(tell, &things->things[place], &page, answer))
            break;
    }
    answer->next = page.next;
    free(things->things);
    return things->err != DAIS_OK ? things->err : dais_rules_store(tell->rules)->err;
}
