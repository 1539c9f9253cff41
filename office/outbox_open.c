/* SPDX-License-Identifier: Apache-2.0 */
#include "office/outbox_open.h"

#include <stdio.h>

#include "office/outbox_erase.h"
#include "office/paths.h"

dais_err_t dais_office_outbox_path(const dais_office_t *office, char path[PATH_MAX])
{
    char key[17];
    char log[17];
    char rest[64];
    dais_say_hex(dais_slice(office->profile.device.key.bytes, 8), key, sizeof key);
    dais_say_hex(dais_slice(office->profile.log.bytes, 8), log, sizeof log);
    (void)snprintf(rest, sizeof rest, "outbox/%s-%s", key, log);
    return dais_path_make(DAIS_PATH_DATA, rest, path);
}

int dais_office_outbox(dais_office_t *office, dais_outbox_t *outbox)
{
    char path[PATH_MAX];
    outbox->store = NULL;
    dais_err_t err = dais_office_outbox_path(office, path);
    if (err == DAIS_OK)
        err = dais_path_ensure_parents(path);
    if (err == DAIS_OK)
        err = dais_outbox_open(outbox, path, &office->profile.device.key, &office->profile.log);
    return err == DAIS_OK ? DAIS_EXIT_DONE : dais_say_err(&office->say, err, path);
}

int dais_office_forget(const dais_office_t *office, dais_outbox_t *outbox)
{
    bool busy;
    dais_err_t err = dais_outbox_forget_erased(outbox, &busy);
    if (err != DAIS_OK)
        return dais_say_err(&office->say, err, outbox->folder);
    if (busy)
        dais_say_note("note: bytes of what was erased or removed stay in the outbox's file until "
                      "dais receipts runs while no other dais is at work on it");
    return DAIS_EXIT_DONE;
}

dais_bundler_t dais_office_bundler(const dais_office_t *office)
{
    return (dais_bundler_t){.device = &office->profile.device,
                            .log = &office->profile.log,
                            .registry_box_key = &office->profile.registry_box_key,
                            .log_key = &office->profile.log_key};
}
