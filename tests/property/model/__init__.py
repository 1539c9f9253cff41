# SPDX-License-Identifier: Apache-2.0
"""A second implementation of the formats and rules, written from the texts under docs/ alone.

It is naive on purpose: counts are counted anew each time, tables are dictionaries. Where it and the
programs differ, the text or one of the two is wrong, and that is what it is for.
"""
