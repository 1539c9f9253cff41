/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PUBLISHER_STYLE_H
#define DAIS_PUBLISHER_STYLE_H

/* The one style sheet: phone, desktop and print. Pages are complete without it. */
extern const char dais_style[];

#endif
