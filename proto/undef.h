/* SPDX-License-Identifier: Apache-2.0
 *
 * Ends one pass over records.def, subjects.def or calls.def. Meant to be included many times. */
/* lint: no-guard */
#undef RECORD
#undef TUPLE
#undef SCALAR
#undef UINT
#undef COUNT
#undef CHOICE
#undef CHOICE_OR_NONE
#undef TIME
#undef HASH
#undef KEY
#undef ID
#undef OPTIONAL
#undef BYTES
#undef PATH
#undef LINE
#undef TEXT
#undef LIST
#undef ANY
#undef END
