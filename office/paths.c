/* SPDX-License-Identifier: Apache-2.0 */
#include "office/paths.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"

#define NAME_MAX_CHARS 64

static const char *path_variable(const char *name)
{
    const char *value = getenv(name); /* NOLINT(concurrency-mt-unsafe): there is one thread */
    return value != NULL && value[0] == '/' ? value : NULL;
}

static dais_err_t path_print(char path[PATH_MAX], const char *folder, size_t folder_size,
                             const char *middle, const char *rest)
{
    int size = snprintf(path, PATH_MAX, "%.*s%s/dais/%s", (int)folder_size, folder, middle, rest);
    return size < PATH_MAX ? DAIS_OK : DAIS_ERR_TOO_LONG;
}

dais_err_t dais_path_make(dais_path_base_t base, const char *rest, char path[PATH_MAX])
{
    static const struct {
        const char *variable;
        const char *below_home;
    } bases[] = {
        [DAIS_PATH_CONFIG] = {"XDG_CONFIG_HOME", "/.config"},
        [DAIS_PATH_DATA] = {"XDG_DATA_HOME", "/.local/share"},
        [DAIS_PATH_SYSTEM] = {"XDG_CONFIG_DIRS", NULL},
    };
    const char *folder = path_variable(bases[base].variable);
    if (folder != NULL)
        return path_print(path, folder, strcspn(folder, ":"), "", rest);
    if (bases[base].below_home == NULL)
        return path_print(path, "/etc/xdg", strlen("/etc/xdg"), "", rest);
    folder = path_variable("HOME");
    if (folder == NULL)
        return DAIS_ERR_NOT_FOUND;
    return path_print(path, folder, strlen(folder), bases[base].below_home, rest);
}

dais_err_t dais_path_ensure_parents(const char *path)
{
    char folder[PATH_MAX];
    if (snprintf(folder, sizeof folder, "%s", path) >= (int)sizeof folder)
        return DAIS_ERR_TOO_LONG;
    for (char *slash = strchr(folder + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        struct stat is_there;
        *slash = '\0';
        if (stat(folder, &is_there) != 0) {
            dais_err_t err = dais_file_ensure_folder(folder, 0700);
            if (err != DAIS_OK)
                return err;
        }
        *slash = '/';
    }
    return DAIS_OK;
}

dais_err_t dais_path_beside(const char *beside, const char *name, char path[PATH_MAX])
{
    const char *slash = strrchr(beside, '/');
    size_t size = name[0] == '/' || slash == NULL ? 0 : (size_t)(slash - beside) + 1;
    int length = snprintf(path, PATH_MAX, "%.*s%s", (int)size, beside, name);
    return length < PATH_MAX ? DAIS_OK : DAIS_ERR_TOO_LONG;
}

bool dais_path_name_ok(const char *name)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    size_t size = strlen(name);
    return size > 0 && size <= NAME_MAX_CHARS && name[0] != '.' && strspn(name, allowed) == size;
}
