/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/house.h"

#include <stdlib.h>
#include <sys/statvfs.h>

dais_err_t dais_house_open(dais_house_t *house)
{
    house->space = NULL;
    house->desk = malloc(sizeof *house->desk);
    dais_err_t err = house->desk != NULL ? DAIS_OK : DAIS_ERR_NO_MEMORY;
    if (err == DAIS_OK)
        err = dais_book_space_create(&house->space);
    if (err != DAIS_OK)
        dais_house_close(house);
    return err;
}

void dais_house_close(dais_house_t *house)
{
    dais_book_space_destroy(&house->space);
    free(house->desk);
    house->desk = NULL;
}

bool dais_house_is_low(const dais_house_t *house)
{
    struct statvfs disk;
    return house->disk_floor > 0 && statvfs(house->data_folder, &disk) == 0 &&
           (uint64_t)disk.f_bavail * disk.f_frsize < house->disk_floor;
}
