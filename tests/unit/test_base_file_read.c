/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "tests/unit/file_faults.h"

/* Goal: the limit is exact, and is found before anything is reserved. Method: sizes around it; a
 * sparse file of a terabyte; no call of malloc. */
static void test_read_limit(void **state)
{
    (void)state;
    scratch_path_t path = scratch_path("file");
    dais_file_bytes_t bytes;
    put(path.text, "12345");
    assert_int_equal(dais_file_read(path.text, 5, &bytes), DAIS_OK);
    assert_int_equal(bytes.size, 5);
    dais_file_free(&bytes);
    fault_set("malloc", 0, ENOMEM);
    assert_int_equal(dais_file_read(path.text, 4, &bytes), DAIS_ERR_TOO_LONG);
    assert_int_equal(truncate(path.text, (off_t)1 << 40), 0);
    assert_int_equal(dais_file_read(path.text, 1 << 20, &bytes), DAIS_ERR_TOO_LONG);
    assert_int_equal(fault.fired, 0);
    fault_clear();
    assert_null(bytes.data);
    assert_int_equal(truncate(path.text, 0), 0);
    assert_int_equal(dais_file_read(path.text, 0, &bytes), DAIS_OK);
    assert_int_equal(bytes.size, 0);
    assert_int_equal(bytes.data[0], 0);
    dais_file_free(&bytes);
    dais_file_free(&bytes);
}

/* Goal: only regular files are read; a pipe that nobody writes to is not waited for. Method: read a
 * pipe, as a secret too, a folder, a device, a name that is not there, a dangling link and a path
 * through a file. */
static void test_read_refuses_other_types(void **state)
{
    (void)state;
    dais_file_bytes_t bytes;
    scratch_path_t fifo = scratch_path("fifo");
    assert_int_equal(mkfifo(fifo.text, 0600), 0);
    assert_int_equal(dais_file_read(fifo.text, LIMIT, &bytes), DAIS_ERR_FILE_TYPE);
    assert_int_equal(dais_file_read_secret(fifo.text, LIMIT, &bytes), DAIS_ERR_FILE_TYPE);
    assert_int_equal(dais_file_read(scratch_folder, LIMIT, &bytes), DAIS_ERR_FILE_TYPE);
    assert_int_equal(dais_file_read("/dev/null", LIMIT, &bytes), DAIS_ERR_FILE_TYPE);
    assert_int_equal(dais_file_read(scratch_path("none").text, LIMIT, &bytes), DAIS_ERR_NOT_FOUND);
    assert_int_equal(symlink("nowhere", scratch_path("dangling").text), 0);
    assert_int_equal(dais_file_read(scratch_path("dangling").text, LIMIT, &bytes),
                     DAIS_ERR_NOT_FOUND);
    put(scratch_path("file").text, "x");
    assert_int_equal(dais_file_read(scratch_path("file/x").text, LIMIT, &bytes),
                     DAIS_ERR_FILE_TYPE);
}

/* Goal: short and interrupted reads are gone on from; a failed one, and no memory, are reported.
 * Method: two bytes a read with an interruption, then a fault in read, fstat and malloc; malloc
 * only where its faults reach us. */
static void test_read_faults(void **state)
{
    (void)state;
    scratch_path_t path = scratch_path("file");
    dais_file_bytes_t bytes;
    put(path.text, "content");
    read_max = 2;
    fault_set("read", 1, EINTR);
    assert_content(path.text, "content");
    assert_int_equal(fault.fired, 1);
    fault_set("read", 2, EIO);
    assert_int_equal(dais_file_read(path.text, LIMIT, &bytes), DAIS_ERR_IO);
    assert_null(bytes.data);
    read_max = 0;
    fault_set("fstat", 0, EIO);
    assert_int_equal(dais_file_read(path.text, LIMIT, &bytes), DAIS_ERR_IO);
    assert_null(bytes.data);
    if (memory_can_fail()) {
        fault_set("malloc", 0, ENOMEM);
        assert_int_equal(dais_file_read(path.text, LIMIT, &bytes), DAIS_ERR_NO_MEMORY);
        assert_null(bytes.data);
    }
}

/* Goal: half of a file that is being written is not taken for the whole. Method: append a byte
 * between the look and the read, then let the read end early. */
static void test_read_of_a_changing_file(void **state)
{
    (void)state;
    scratch_path_t path = scratch_path("file");
    dais_file_bytes_t bytes;
    put(path.text, "content");
    grows = path.text;
    assert_int_equal(dais_file_read(path.text, LIMIT, &bytes), DAIS_ERR_IO);
    assert_null(bytes.data);
    fault_set("read", 0, 0); /* it has shrunk: the end comes early */
    assert_int_equal(dais_file_read(path.text, LIMIT, &bytes), DAIS_ERR_IO);
    assert_int_equal(fault.fired, 1);
}

/* Goal: a secret that anybody else may touch is refused. Method: all 512 modes. */
static void test_secret_modes(void **state)
{
    (void)state;
    scratch_path_t path = scratch_path("secret");
    put(path.text, "seed");
    for (mode_t mode = 0; mode <= 0777; mode++) {
        assert_int_equal(chmod(path.text, mode), 0);
        dais_file_bytes_t bytes;
        dais_err_t err = dais_file_read_secret(path.text, LIMIT, &bytes);
        bool unreadable = (mode & 0400) == 0 && geteuid() != 0;
        if (unreadable)
            assert_int_equal(err, DAIS_ERR_DENIED);
        else
            assert_int_equal(err, (mode & 077) == 0 ? DAIS_OK : DAIS_ERR_EXPOSED);
        dais_file_free(&bytes);
    }
    assert_int_equal(chmod(path.text, 0600), 0);
    dais_file_bytes_t bytes;
    assert_int_equal(dais_file_read_secret(path.text, 3, &bytes), DAIS_ERR_TOO_LONG);
    assert_int_equal(dais_file_read_secret(path.text, 4, &bytes), DAIS_OK);
    assert_string_equal((const char *)bytes.data, "seed");
    dais_file_free(&bytes);
}

/* Goal: it is the file behind a link that is judged, not the link, which always has mode 0777.
 * Method: read through a link to a private file, then open the file to its group and read again. */
static void test_secret_behind_a_link(void **state)
{
    (void)state;
    scratch_path_t path = scratch_path("secret");
    scratch_path_t link = scratch_path("link");
    put(path.text, "seed");
    assert_int_equal(symlink("secret", link.text), 0);
    dais_file_bytes_t bytes;
    assert_int_equal(dais_file_read_secret(link.text, LIMIT, &bytes), DAIS_OK);
    dais_file_free(&bytes);
    assert_int_equal(chmod(path.text, 0640), 0);
    assert_int_equal(dais_file_read_secret(link.text, LIMIT, &bytes), DAIS_ERR_EXPOSED);
}

/* Goal: content is wiped as a whole before it is freed, NUL and all, and an empty one is left
 * alone. Method: our own sodium_memzero notes what it is given; free the content twice. */
static void test_free_wipes(void **state)
{
    (void)state;
    scratch_path_t path = scratch_path("secret");
    put(path.text, "seed");
    dais_file_bytes_t bytes;
    assert_int_equal(dais_file_read_secret(path.text, LIMIT, &bytes), DAIS_OK);
    const void *data = bytes.data;
    wiped = NULL;
    dais_file_free(&bytes);
    assert_ptr_equal(wiped, data);
    assert_int_equal(wiped_size, 5);
    assert_null(bytes.data);
    assert_int_equal(bytes.size, 0);
    wiped = NULL;
    dais_file_free(&bytes);
    assert_null(wiped);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(test_read_limit),   IN_SCRATCH(test_read_refuses_other_types),
        IN_SCRATCH(test_read_faults),  IN_SCRATCH(test_read_of_a_changing_file),
        IN_SCRATCH(test_secret_modes), IN_SCRATCH(test_secret_behind_a_link),
        IN_SCRATCH(test_free_wipes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
