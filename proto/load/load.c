/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/load/load.h"

#include <sodium.h>
#include <string.h>

#include "base/file.h"
#include "proto/identity.h"

#define VKEY_FILE_SIZE_MAX 4096

dais_err_t dais_load_device(const char *path, dais_device_t *device)
{
    dais_file_bytes_t text;
    dais_seed_t seed;
    dais_err_t err = dais_file_read_secret(path, DAIS_SECRET_TEXT_SIZE, &text);
    if (err != DAIS_OK)
        return err;
    err = dais_secret_parse(dais_slice(text.data, text.size), &seed).err;
    if (err == DAIS_OK)
        dais_device_derive(&seed, device);
    sodium_memzero(text.data, text.size);
    dais_file_free(&text);
    sodium_memzero(&seed, sizeof seed);
    return err;
}

dais_curve_pair_t dais_load_pair(const dais_device_t *device)
{
    dais_curve_pair_t pair;
    memcpy(pair.public_key, device->box_key.bytes, DAIS_CURVE_KEY_SIZE);
    memcpy(pair.secret_key, device->box_secret, DAIS_CURVE_KEY_SIZE);
    return pair;
}

dais_err_t dais_load_vkey(const char *text, dais_vkey_t *key)
{
    dais_file_bytes_t file;
    if (dais_vkey_parse(dais_slice_text(text), key).err == DAIS_OK)
        return DAIS_OK;
    dais_err_t err = dais_file_read(text, VKEY_FILE_SIZE_MAX, &file);
    if (err != DAIS_OK)
        return err == DAIS_ERR_NOT_FOUND ? DAIS_ERR_BAD_KEY : err;
    dais_slice_t line = dais_slice(file.data, file.size);
    while (line.size > 0 && (line.data[line.size - 1] == '\n' || line.data[line.size - 1] == '\r'))
        line.size--;
    err = dais_vkey_parse(line, key).err;
    dais_file_free(&file);
    return err;
}
