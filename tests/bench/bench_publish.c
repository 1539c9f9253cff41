/* SPDX-License-Identifier: Apache-2.0
 *
 * How long the publisher takes for the site of a big cycle, and for one more comment in it: from a
 * replica in memory to files that are on the disk, as dais_render() does it. Beside it, in the same
 * run: the same files written bare, without a thought of what is in them.
 *
 * usage: bench_publish [APPLICATIONS COMMENTS [FOLDER]] */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "publisher/render.h"
#include "tests/bench/publish_log.h"

enum { ROUNDS = 5, PATH_SIZE = 512, FILES_MAX = 1 << 20 };
#define FULL_S_MAX 2.0
#define MORE_S_MAX 0.05

typedef struct {
    double wall, cpu; /* seconds */
} moment_t;

static double clock_now(clockid_t clock)
{
    struct timespec at;
    (void)clock_gettime(clock, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static moment_t now(void)
{
    return (moment_t){clock_now(CLOCK_MONOTONIC), clock_now(CLOCK_PROCESS_CPUTIME_ID)};
}

static moment_t since(moment_t begin)
{
    moment_t end = now();
    return (moment_t){end.wall - begin.wall, end.cpu - begin.cpu};
}

static void must(dais_err_t err, const char *what)
{
    if (err == DAIS_OK)
        return;
    (void)fprintf(stderr, "bench: %s: %s\n", what, dais_err_code(err));
    exit(1);
}

/* What stands in the folder. */
static struct {
    size_t count;
    off_t bytes;
    off_t sizes[FILES_MAX];
} found;

static int found_add(const char *path, const struct stat *about, int type, struct FTW *where)
{
    (void)path, (void)where;
    if (type == FTW_F && found.count < FILES_MAX) {
        found.sizes[found.count++] = about->st_size;
        found.bytes += about->st_size;
    }
    return 0;
}

static int found_remove(const char *path, const struct stat *about, int type, struct FTW *where)
{
    (void)about, (void)type, (void)where;
    return remove(path);
}

/* As many files of the same sizes, temporary name, rename, and one sync of the file system before
 * the names count: what a site costs that is made of nothing. */
static moment_t bare_write(const char *folder)
{
    static const char zeros[1 << 16];
    char draft[PATH_SIZE * 4];
    char path[PATH_SIZE * 4];
    moment_t begin = now();
    (void)mkdir(folder, 0755);
    for (size_t i = 0; i < found.count; i++) {
        (void)snprintf(draft, sizeof draft, "%s/.%zu", folder, i);
        int file = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
        for (off_t left = found.sizes[i]; file >= 0 && left > 0;) {
            size_t part = left > (off_t)sizeof zeros ? sizeof zeros : (size_t)left;
            if (write(file, zeros, part) != (ssize_t)part)
                must(DAIS_ERR_IO, draft);
            left -= (off_t)part;
        }
        if (file < 0 || close(file) != 0)
            must(DAIS_ERR_IO, draft);
    }
    int at = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (at < 0 || syncfs(at) != 0)
        must(DAIS_ERR_IO, folder);
    for (size_t i = 0; i < found.count; i++) {
        (void)snprintf(draft, sizeof draft, "%s/.%zu", folder, i);
        (void)snprintf(path, sizeof path, "%s/%zu", folder, i);
        if (rename(draft, path) != 0)
            must(DAIS_ERR_IO, path);
    }
    if (fsync(at) != 0 || close(at) != 0)
        must(DAIS_ERR_IO, folder);
    return since(begin);
}

static void print(const char *what, moment_t took, double aim_s)
{
    (void)printf("%-34s %9.3f s %9.3f s CPU", what, took.wall, took.cpu);
    if (aim_s > 0)
        (void)printf("   aim %.2f s: %s", aim_s, took.wall <= aim_s ? "met" : "MISSED");
    (void)printf("\n");
    (void)fflush(stdout);
}

static moment_t render(publish_log_t *log, dais_files_t *files)
{
    moment_t begin = now();
    must(dais_render(publish_log_replica(log), files), "render");
    return since(begin);
}

static int compare(const void *a, const void *b)
{
    double x = ((const moment_t *)a)->wall;
    double y = ((const moment_t *)b)->wall;
    return x < y ? -1 : x > y;
}

/* One more comment and its publication, the middle one of some. */
static void measure_more(publish_log_t *log, dais_files_t *files)
{
    moment_t took[ROUNDS];
    dais_files_figures_t before = dais_files_figures(files);
    for (size_t i = 0; i < ROUNDS; i++) {
        publish_log_comments(log, 1);
        publish_log_checkpoint(log);
        took[i] = render(log, files);
    }
    dais_files_figures_t after = dais_files_figures(files);
    qsort(took, ROUNDS, sizeof took[0], compare);
    print("one more comment, median of 5", took[ROUNDS / 2], MORE_S_MAX);
    (void)printf("  files written each time: %.1f\n",
                 (double)(after.written - before.written) / ROUNDS);
}

static void measure(publish_log_t *log, const char *folder)
{
    char path[PATH_SIZE * 2];
    dais_files_t *files;
    (void)snprintf(path, sizeof path, "%s/site", folder);
    must(dais_files_open(&files, path), path);
    moment_t full = render(log, files);
    (void)nftw(path, found_add, 16, FTW_PHYS);
    (void)printf("%zu files, %.1f MB\n", found.count, (double)found.bytes / 1e6);
    print("full site", full, FULL_S_MAX);
    (void)snprintf(path, sizeof path, "%s/bare", folder);
    print("the same files written bare", bare_write(path), 0);
    print("nothing new", render(log, files), 0);
    measure_more(log, files);
    dais_files_close(&files);
}

int main(int argc, char **argv)
{
    char folder[PATH_SIZE];
    size_t applications = argc > 2 ? strtoul(argv[1], NULL, 10) : 10000;
    size_t comments = argc > 2 ? strtoul(argv[2], NULL, 10) : 20000;
    (void)snprintf(folder, sizeof folder, "%s/dais-bench-publish-XXXXXX", argc > 3 ? argv[3] : ".");
    if (mkdtemp(folder) == NULL)
        must(DAIS_ERR_IO, folder);
    moment_t begin = now();
    publish_log_t *log = publish_log_create();
    publish_log_applications(log, applications);
    publish_log_comments(log, comments);
    publish_log_checkpoint(log);
    (void)printf("%zu applications, %zu comments of 1 KiB, %llu entries\n", applications, comments,
                 (unsigned long long)dais_replica_size(publish_log_replica(log)));
    print("signed and proved, entry by entry", since(begin), 0);
    measure(log, folder);
    publish_log_destroy(&log);
    return nftw(folder, found_remove, 16, FTW_DEPTH | FTW_PHYS) == 0 ? 0 : 1;
}
