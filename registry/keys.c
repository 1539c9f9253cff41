/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "proto/identity.h"
#include "proto/load/load.h"
#include "proto/text.h"

static const char *const keys_files[2] = {"log.secret", "box.secret"};

static void keys_path(const char *folder, unsigned which, char path[600])
{
    (void)snprintf(path, 600, "%s/%s", folder, keys_files[which]);
}

static dais_device_t *keys_device(dais_cycle_keys_t *keys, unsigned which)
{
    return which == 0 ? &keys->log : &keys->box;
}

static dais_err_t keys_make_one(const char *path, const dais_random_t *random, dais_device_t *out)
{
    dais_seed_t seed;
    uint8_t text[DAIS_SECRET_TEXT_SIZE];
    dais_writer_t writer;
    dais_err_t err = dais_random_fill(random, seed.bytes, sizeof seed.bytes);
    if (err != DAIS_OK)
        return err;
    dais_writer_init(&writer, text, sizeof text);
    dais_secret_put(&writer, &seed);
    err = dais_file_create(path, dais_slice(text, writer.size), S_IRUSR | S_IWUSR);
    if (err == DAIS_OK)
        dais_device_derive(&seed, out);
    sodium_memzero(&seed, sizeof seed);
    sodium_memzero(text, sizeof text);
    return err;
}

dais_err_t dais_cycle_keys_make(const char *folder, const dais_random_t *random,
                                dais_cycle_keys_t *keys)
{
    dais_err_t err = DAIS_OK;
    for (unsigned which = 0; which < 2 && err == DAIS_OK; which++) {
        char path[600];
        keys_path(folder, which, path);
        err = keys_make_one(path, random, keys_device(keys, which));
    }
    return err;
}

dais_err_t dais_cycle_keys_load(const char *folder, dais_cycle_keys_t *keys)
{
    dais_err_t err = DAIS_OK;
    memset(keys, 0, sizeof *keys);
    for (unsigned which = 0; which < 2 && err == DAIS_OK; which++) {
        char path[600];
        keys_path(folder, which, path);
        err = dais_load_device(path, keys_device(keys, which));
    }
    if (err != DAIS_OK)
        dais_cycle_keys_wipe(keys);
    return err;
}

dais_err_t dais_cycle_keys_load_box(const char *folder, dais_cycle_keys_t *keys)
{
    char path[600];
    memset(keys, 0, sizeof *keys);
    keys_path(folder, 1, path);
    return dais_load_device(path, &keys->box);
}

dais_err_t dais_cycle_keys_destroy_log(const char *folder)
{
    static const uint8_t zeros[DAIS_SECRET_TEXT_SIZE];
    char path[600];
    keys_path(folder, 0, path);
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return dais_file_err(errno);
    dais_err_t err = dais_file_write_all(fd, dais_slice(zeros, sizeof zeros));
    if (err == DAIS_OK && fsync(fd) != 0)
        err = DAIS_ERR_IO;
    (void)close(fd);
    if (err == DAIS_OK && unlink(path) != 0)
        err = dais_file_err(errno);
    return err == DAIS_OK ? dais_file_sync_folder(folder) : err;
}

void dais_cycle_keys_wipe(dais_cycle_keys_t *keys)
{
    dais_device_wipe(&keys->log);
    dais_device_wipe(&keys->box);
}

dais_err_t dais_cycle_keys_put(const dais_cycle_keys_t *keys, dais_slice_t origin,
                               dais_writer_t *writer)
{
    dais_vkey_t vkey;
    dais_err_t err = dais_vkey_make(origin, keys->log.key.bytes, &vkey);
    if (err != DAIS_OK)
        return err;
    dais_text_put(writer, "dais/cycle-keys/1\norigin ");
    dais_writer_raw(writer, origin);
    dais_text_put(writer, "\nlog ");
    dais_vkey_put(writer, &vkey);
    dais_text_put(writer, "\nbox ");
    dais_text_put_z85(writer, &keys->box.box_key);
    dais_text_put(writer, "\n");
    return writer->err;
}
