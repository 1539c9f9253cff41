/* SPDX-License-Identifier: Apache-2.0
 *
 * Ends one pass over rows.def. Meant to be included many times. */
/* lint: no-guard */
#undef ROW
#undef U64
#undef U32
#undef U16
#undef U8
#undef LINE32
#undef CACHE32
#undef OCTETS
#undef NUMBERS
#undef ROW_END
#undef TABLE
