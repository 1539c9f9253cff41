/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_SUPPORT_AGREE_H
#define DAIS_TESTS_SUPPORT_AGREE_H

/* msgpack-c's unpacker as the second opinion on what the cursor accepts. Only for bytes that the
 * cursor has accepted: five others make this unpacker reserve gigabytes. */

#include <msgpack.h>

#include "proto/reader.h"

/* Reads one value of the object's type and compares; of an array, its head alone. */
static inline bool agree_value(dais_reader_t *reader, const msgpack_object *object)
{
    dais_slice_t body;
    /* Not a switch: the unpacker has types that the profile lacks, and none of them agrees. */
    if (object->type == MSGPACK_OBJECT_POSITIVE_INTEGER)
        return dais_reader_uint(reader, 0, UINT64_MAX) == object->via.u64;
    if (object->type == MSGPACK_OBJECT_ARRAY)
        return dais_reader_array(reader, 0, UINT32_MAX) == object->via.array.size;
    if (object->type == MSGPACK_OBJECT_BIN) {
        body = dais_reader_bin(reader, 0, SIZE_MAX);
        return dais_slice_equal(body, dais_slice(object->via.bin.ptr, object->via.bin.size));
    }
    body = dais_reader_text(reader, 0, SIZE_MAX);
    return object->type == MSGPACK_OBJECT_STR &&
           dais_slice_equal(body, dais_slice(object->via.str.ptr, object->via.str.size));
}

static inline bool agree_walk(dais_reader_t *reader, const msgpack_object *object)
{
    if (!agree_value(reader, object) || reader->fault.err != DAIS_OK)
        return false;
    if (object->type != MSGPACK_OBJECT_ARRAY)
        return true;
    for (uint32_t i = 0; i < object->via.array.size; i++) {
        if (!agree_walk(reader, &object->via.array.ptr[i]))
            return false;
    }
    return true;
}

/* Whether the unpacker reads exactly these bytes and finds the same types and values. The zone is
 * the caller's and is cleared here. */
static inline bool agree(dais_slice_t bytes, msgpack_zone *zone)
{
    msgpack_object object;
    size_t offset = 0;
    msgpack_unpack_return result =
        msgpack_unpack((const char *)bytes.data, bytes.size, &offset, zone, &object);
    dais_reader_t reader;
    dais_reader_init(&reader, bytes);
    bool same = result == MSGPACK_UNPACK_SUCCESS && offset == bytes.size &&
                agree_walk(&reader, &object) && dais_reader_finish(&reader).err == DAIS_OK;
    msgpack_zone_clear(zone);
    return same;
}

#endif
