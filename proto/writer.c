/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/writer.h"

#include <msgpack.h>

void dais_writer_init(dais_writer_t *writer, void *buffer, size_t capacity)
{
    *writer = (dais_writer_t){.buffer = buffer, .capacity = capacity};
}

void dais_writer_raw(dais_writer_t *writer, dais_slice_t bytes)
{
    if (writer->err != DAIS_OK || bytes.size == 0)
        return;
    if (bytes.size > writer->capacity - writer->size) {
        writer->err = DAIS_ERR_NO_SPACE;
        return;
    }
    memcpy(writer->buffer + writer->size, bytes.data, bytes.size);
    writer->size += bytes.size;
}

/* msgpack-c's sink. Always 0: the failure is kept in the writer, where one check finds it. */
static int writer_sink(void *context, const char *bytes, size_t size)
{
    dais_writer_raw((dais_writer_t *)context, dais_slice(bytes, size));
    return 0;
}

static msgpack_packer writer_packer(dais_writer_t *writer)
{
    return (msgpack_packer){.data = writer, .callback = writer_sink};
}

void dais_writer_uint(dais_writer_t *writer, uint64_t number)
{
    msgpack_packer packer = writer_packer(writer);
    (void)msgpack_pack_uint64(&packer, number);
}

void dais_writer_bin(dais_writer_t *writer, dais_slice_t bytes)
{
    msgpack_packer packer = writer_packer(writer);
    (void)msgpack_pack_bin(&packer, bytes.size);
    dais_writer_raw(writer, bytes);
}

void dais_writer_str(dais_writer_t *writer, dais_slice_t text)
{
    msgpack_packer packer = writer_packer(writer);
    (void)msgpack_pack_str(&packer, text.size);
    dais_writer_raw(writer, text);
}

void dais_writer_array(dais_writer_t *writer, uint32_t count)
{
    msgpack_packer packer = writer_packer(writer);
    (void)msgpack_pack_array(&packer, count);
}

dais_err_t dais_writer_finish(const dais_writer_t *writer, dais_slice_t *out)
{
    if (writer->err == DAIS_OK)
        *out = dais_slice(writer->buffer, writer->size);
    return writer->err;
}
