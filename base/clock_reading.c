/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock_reading.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timex.h>
#include <unistd.h>

#define BOOT_ID_PATH     "/proc/sys/kernel/random/boot_id"
#define BOOT_ID_VARIABLE "DAIS_BOOT_ID"
#define BOOT_ID_TEXT     64 /* bytes; it is a UUID and a newline */

static int boot_id_digit(char character)
{
    if (character >= '0' && character <= '9')
        return character - '0';
    return character >= 'a' && character <= 'f' ? character - 'a' + 10 : -1;
}

/* The digits of the UUID; other characters of it say nothing. */
static size_t boot_id_parse(const char *text, size_t size, uint8_t boot_id[DAIS_CLOCK_BOOT_ID])
{
    size_t digits = 0;
    memset(boot_id, 0, DAIS_CLOCK_BOOT_ID);
    for (size_t i = 0; i < size && digits < (size_t)2 * DAIS_CLOCK_BOOT_ID; i++) {
        int digit = boot_id_digit(text[i]);
        if (digit < 0)
            continue;
        boot_id[digits / 2] = (uint8_t)(boot_id[digits / 2] << 4 | digit);
        digits++;
    }
    return digits;
}

/* Not dais_file_read(): files of /proc have no size. Where a supervisor hides all of /proc but
 * processes, it says in the environment what it keeps from being read. */
static dais_err_t boot_id_read(uint8_t boot_id[DAIS_CLOCK_BOOT_ID])
{
    char text[BOOT_ID_TEXT];
    size_t digits = 0;
    const char *told = getenv(BOOT_ID_VARIABLE); /* NOLINT(concurrency-mt-unsafe): one thread */
    int fd = open(BOOT_ID_PATH, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        ssize_t size = read(fd, text, sizeof text);
        (void)close(fd);
        digits = boot_id_parse(text, size < 0 ? 0 : (size_t)size, boot_id);
    } else if (told != NULL) {
        digits = boot_id_parse(told, strlen(told), boot_id);
    }
    return digits == (size_t)2 * DAIS_CLOCK_BOOT_ID ? DAIS_OK : DAIS_ERR_CLOCK;
}

dais_err_t dais_clock_reading(const dais_clock_t *clock, dais_clock_reading_t *reading)
{
    struct timex kernel = {.modes = 0};
    int state = adjtimex(&kernel);
    reading->synced = state >= 0 && state != TIME_ERROR && (kernel.status & STA_UNSYNC) == 0;
    dais_err_t err = boot_id_read(reading->boot_id);
    return err == DAIS_OK ? dais_clock_now(clock, &reading->now) : err;
}
