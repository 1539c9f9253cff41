/* SPDX-License-Identifier: Apache-2.0 */
#include "office/outbox_open.h"
#include "office/send.h"

static void plan_set(json_t *object, const char *name, uint64_t count)
{
    (void)json_object_set_new(object, name, json_integer((json_int_t)count));
}

int dais_send_plan(dais_office_t *office, const dais_args_t *args)
{
    dais_outbox_t outbox;
    dais_outbox_counts_t counts;
    int status = dais_office_open(office, args);
    if (status == DAIS_EXIT_DONE)
        status = dais_office_outbox(office, &outbox);
    if (status != DAIS_EXIT_DONE)
        return status;
    dais_err_t err = dais_outbox_count(&outbox, &counts);
    if (err != DAIS_OK)
        status = dais_say_err(&office->say, err, outbox.folder);
    dais_outbox_close(&outbox);
    if (status != DAIS_EXIT_DONE)
        return status;
    json_t *object = dais_say_new("would-send");
    (void)json_object_set_new(object, "profile", json_string(office->profile.settings.profile));
    (void)json_object_set_new(object, "cycle", json_string(office->profile.cycle));
    plan_set(object, "new", counts.queued);
    plan_set(object, "on_its_way", counts.bundled);
    plan_set(object, "stuck", counts.stuck);
    plan_set(object, "refused_by_intake", counts.refused);
    if (counts.queued > 0)
        dais_say_hint("dais outbox list --state queued shows them, dais outbox remove takes one "
                      "back");
    return dais_say_object(&office->say, object);
}
