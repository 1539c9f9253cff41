/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/fuzz/seed.h"

void seed_files(void)
{
}
