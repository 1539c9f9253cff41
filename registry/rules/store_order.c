/* SPDX-License-Identifier: Apache-2.0
 *
 * A B+ tree. keys[i] of an inner node is not above any key below child i and above every key below
 * child i - 1; keys[0] is not read. Leaves are linked, so that a search that ends behind the last
 * key of a leaf goes on in the next. Full nodes are split on the way down, so that a split never
 * goes back up; at the right edge they are split at their end, so that rising keys, the common
 * case, fill their nodes. A node is freed when it is empty and never merged: the tables that lose
 * rows lose them all. A split that fails for want of memory has changed nothing. */
#include "registry/rules/store_order.h"

#include <assert.h>
#include <stdlib.h>

#define FANOUT     32U
#define HEIGHT_MAX 16U /* each level takes at least 16 splits of the level below: 16^16 = 2^64 */

struct dais_store_order_node {
    unsigned count;
    dais_row_key_t keys[FANOUT];
    union {
        dais_store_order_node_t *child;
        uint64_t slot;
    } at[FANOUT];
    dais_store_order_node_t *next; /* of leaves */
    dais_store_order_node_t *prev;
};

typedef dais_store_order_node_t node_t;

static bool order_below(const dais_row_key_t *a, const dais_row_key_t *b)
{
    for (unsigned i = 0; i < 3; i++) {
        if (a->part[i] != b->part[i])
            return a->part[i] < b->part[i];
    }
    return a->part[3] < b->part[3];
}

static bool order_equal(const dais_row_key_t *a, const dais_row_key_t *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

/* The place in a node of the first key, from `from` on, that is not below (or that is above). */
static unsigned order_place(const node_t *node, const dais_row_key_t *key, unsigned from,
                            bool above)
{
    unsigned low = from;
    unsigned high = node->count;
    while (low < high) {
        unsigned middle = (low + high) / 2;
        bool left =
            above ? !order_below(key, &node->keys[middle]) : order_below(&node->keys[middle], key);
        if (left)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The child below which the key belongs. */
static unsigned order_child(const node_t *node, const dais_row_key_t *key)
{
    return order_place(node, key, 1, true) - 1;
}

/* Does the key belong into the leaf that was met last? Ids are led by time and indices rise, so
 * most of what is asked for or added belongs to the last leaf of all, and nothing above it is read:
 * the cost of a key does not grow with their number. */
static bool order_is_last(const dais_store_order_t *order, const dais_row_key_t *key)
{
    const node_t *leaf = order->last;
    return leaf != NULL && !order_below(key, &leaf->keys[0]) &&
           (leaf->next == NULL || order_below(key, &leaf->next->keys[0]));
}

static void order_remember(dais_store_order_t *order, node_t *leaf)
{
    order->last = order->has_gaps ? NULL : leaf;
}

/* The leaf below which the key belongs; null in an empty tree. */
static node_t *order_leaf(dais_store_order_t *order, const dais_row_key_t *key)
{
    node_t *node = order->root;
    if (order_is_last(order, key))
        return order->last;
    for (unsigned level = order->height; level > 0; level--)
        node = node->at[order_child(node, key)].child;
    order_remember(order, node);
    return node;
}

uint64_t *dais_store_order_find(dais_store_order_t *order, const dais_row_key_t *key)
{
    node_t *leaf = order_leaf(order, key);
    unsigned place = leaf == NULL ? 0 : order_place(leaf, key, 0, false);
    if (leaf == NULL || place == leaf->count || !order_equal(&leaf->keys[place], key))
        return NULL;
    return &leaf->at[place].slot;
}

bool dais_store_order_seek(dais_store_order_t *order, dais_row_key_t *key, uint64_t *slot)
{
    const node_t *leaf = order_leaf(order, key);
    unsigned place = leaf == NULL ? 0 : order_place(leaf, key, 0, false);
    if (leaf != NULL && place == leaf->count) {
        leaf = leaf->next;
        place = 0;
    }
    if (leaf == NULL)
        return false;
    *key = leaf->keys[place];
    *slot = leaf->at[place].slot;
    return true;
}

static void order_open(node_t *node, unsigned place)
{
    unsigned behind = node->count - place;
    memmove(&node->keys[place + 1], &node->keys[place], behind * sizeof node->keys[0]);
    memmove(&node->at[place + 1], &node->at[place], behind * sizeof node->at[0]);
    node->count++;
}

static void order_close(node_t *node, unsigned place)
{
    node->count--;
    unsigned behind = node->count - place;
    memmove(&node->keys[place], &node->keys[place + 1], behind * sizeof node->keys[0]);
    memmove(&node->at[place], &node->at[place + 1], behind * sizeof node->at[0]);
}

/* Splits the full child at `place`, leaving `keep` in it. */
static bool order_split(node_t *parent, unsigned place, unsigned keep)
{
    node_t *left = parent->at[place].child;
    node_t *right = malloc(sizeof *right);
    if (right == NULL)
        return false;
    right->count = left->count - keep;
    memcpy(right->keys, &left->keys[keep], right->count * sizeof left->keys[0]);
    memcpy(right->at, &left->at[keep], right->count * sizeof left->at[0]);
    left->count = keep;
    right->next = left->next;
    right->prev = left;
    if (right->next != NULL)
        right->next->prev = right;
    left->next = right;
    order_open(parent, place + 1);
    parent->keys[place + 1] = right->keys[0];
    parent->at[place + 1].child = right;
    return true;
}

/* Gives the tree a first leaf, or a root above a full one. */
static bool order_raise(dais_store_order_t *order)
{
    if (order->root != NULL && order->root->count < FANOUT)
        return true;
    node_t *root = calloc(1, sizeof *root);
    if (root == NULL)
        return false;
    if (order->root != NULL) {
        root->count = 1;
        root->keys[0] = order->root->keys[0];
        root->at[0].child = order->root;
        order->height++;
        assert(order->height < HEIGHT_MAX);
    }
    order->root = root;
    return true;
}

/* The leaf into which the key goes, with room for it; null without memory. */
static node_t *order_make_room(dais_store_order_t *order, const dais_row_key_t *key)
{
    if (order_is_last(order, key) && order->last->count < FANOUT)
        return order->last;
    if (!order_raise(order))
        return NULL;
    node_t *node = order->root;
    bool at_edge = true;
    for (unsigned level = order->height; level > 0; level--) {
        unsigned place = order_child(node, key);
        assert(node->at[place].child != NULL);
        at_edge = at_edge && place == node->count - 1;
        if (node->at[place].child->count == FANOUT) {
            if (!order_split(node, place, at_edge ? FANOUT - 1 : FANOUT / 2))
                return NULL;
            place = order_child(node, key);
        }
        node = node->at[place].child;
    }
    return node;
}

bool dais_store_order_insert(dais_store_order_t *order, const dais_row_key_t *key, uint64_t slot)
{
    node_t *node = order_make_room(order, key);
    if (node == NULL)
        return false;
    unsigned place = order_place(node, key, 0, false);
    order_open(node, place);
    node->keys[place] = *key;
    node->at[place].slot = slot;
    order_remember(order, node);
    return true;
}

static void order_unlink(node_t *node)
{
    if (node->prev != NULL)
        node->prev->next = node->next;
    if (node->next != NULL)
        node->next->prev = node->prev;
    free(node);
}

/* Frees what is empty along the path from the leaf up, and a root with one child. */
static void order_shrink(dais_store_order_t *order, node_t *const *path, const unsigned *places)
{
    for (unsigned level = 0; level < order->height && path[level]->count == 0; level++) {
        order_unlink(path[level]);
        order_close(path[level + 1], places[level + 1]);
    }
    while (order->height > 0 && order->root->count == 1) {
        node_t *root = order->root;
        order->root = root->at[0].child;
        order->height--;
        free(root);
    }
}

bool dais_store_order_remove(dais_store_order_t *order, const dais_row_key_t *key, uint64_t *slot)
{
    node_t *path[HEIGHT_MAX]; /* from the leaf up */
    unsigned places[HEIGHT_MAX];
    node_t *node = order->root;
    if (node == NULL)
        return false;
    for (unsigned level = order->height; level > 0; level--) {
        path[level] = node;
        places[level] = order_child(node, key);
        node = node->at[places[level]].child;
    }
    path[0] = node;
    places[0] = order_place(node, key, 0, false);
    if (places[0] == node->count || !order_equal(&node->keys[places[0]], key))
        return false;
    *slot = node->at[places[0]].slot;
    order->last = NULL;
    order->has_gaps = true;
    order_close(node, places[0]);
    order_shrink(order, path, places);
    return true;
}

static void order_free(node_t *node, unsigned level)
{
    for (unsigned i = 0; level > 0 && i < node->count; i++)
        order_free(node->at[i].child, level - 1);
    free(node);
}

void dais_store_order_clear(dais_store_order_t *order)
{
    if (order->root != NULL)
        order_free(order->root, order->height);
    *order = (dais_store_order_t){.root = NULL};
}
