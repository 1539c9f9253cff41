/* SPDX-License-Identifier: Apache-2.0
 *
 * A path climbs from its leaf (RFC 9162, 2.1.3.2). Where it comes to a node that an earlier path
 * has proved, the rest of it is proved too, and has only to be the same bytes: the siblings above
 * are those of the earlier path. Nodes count as proved only once their own path has reached the
 * root. */
#include "proto/tree_paths.h"

#include <string.h>

#include "proto/tree_verify.h"

#define CLIMB_MAX (2 * DAIS_TREE_PATHS_LEVELS)

typedef struct {
    size_t place;
    dais_hash_t hash;
} climbed_t;

typedef struct {
    dais_tree_paths_t *paths;
    dais_slice_t rest; /* of the path */
    unsigned level;
    uint64_t index, last; /* in this level: ours, and the right-most */
    dais_hash_t hash;
    bool is_proved;
    climbed_t climbed[CLIMB_MAX];
    size_t count;
} climb_t;

void dais_tree_paths_begin(dais_tree_paths_t *paths, uint64_t size, const dais_hash_t *root)
{
    paths->size = size;
    paths->root = *root;
    memset(paths->known, 0, sizeof paths->known);
}

/* Level l has room for MAX >> l nodes, behind those of the levels below it. */
static size_t place_of(unsigned level, uint64_t index)
{
    return (size_t)(2 * DAIS_TREE_PATHS_MAX - (2 * DAIS_TREE_PATHS_MAX >> level)) + (size_t)index;
}

static void climb_note(climb_t *climb, size_t place, const dais_hash_t *hash)
{
    climb->climbed[climb->count++] = (climbed_t){place, *hash};
}

/* False if this node is known, and is another. */
static bool climb_meet(climb_t *climb)
{
    size_t place = place_of(climb->level, climb->index);
    if (climb->is_proved)
        return true;
    if (!climb->paths->known[place]) {
        climb_note(climb, place, &climb->hash);
        return true;
    }
    climb->is_proved = true;
    return dais_hash_equal(&climb->paths->nodes[place], &climb->hash);
}

/* The right-most node goes up by itself until it has a left neighbour, and is then that one's. */
static void climb_rise(climb_t *climb, bool is_right)
{
    unsigned level = climb->level;
    while (is_right && (climb->index & 1) == 0) {
        climb->index >>= 1;
        climb->last >>= 1;
        climb->level++;
    }
    if (climb->level != level && !climb->is_proved)
        climb_note(climb, place_of(climb->level, climb->index), &climb->hash);
}

/* One step towards the root; false if the path is none. */
static bool climb_step(climb_t *climb)
{
    dais_hash_t beside;
    bool is_right = (climb->index & 1) != 0 || climb->index == climb->last;
    if (climb->rest.size < sizeof beside)
        return false;
    memcpy(&beside, climb->rest.data, sizeof beside);
    climb->rest = dais_slice(climb->rest.data + sizeof beside, climb->rest.size - sizeof beside);
    climb_rise(climb, is_right);
    size_t place = place_of(climb->level, is_right ? climb->index - 1 : climb->index + 1);
    if (climb->is_proved) {
        if (!climb->paths->known[place] || !dais_hash_equal(&climb->paths->nodes[place], &beside))
            return false;
    } else {
        climb_note(climb, place, &beside);
        climb->hash = is_right ? dais_tree_node_hash(&beside, &climb->hash)
                               : dais_tree_node_hash(&climb->hash, &beside);
    }
    climb->index >>= 1;
    climb->last >>= 1;
    climb->level++;
    return climb_meet(climb);
}

static bool climb_run(climb_t *climb)
{
    if (!climb_meet(climb))
        return false;
    while (climb->last > 0)
        if (!climb_step(climb))
            return false;
    return climb->rest.size == 0 &&
           (climb->is_proved || dais_hash_equal(&climb->hash, &climb->paths->root));
}

dais_err_t dais_tree_paths_verify(dais_tree_paths_t *paths, uint64_t index, const dais_hash_t *leaf,
                                  dais_slice_t path)
{
    if (paths->size > DAIS_TREE_PATHS_MAX)
        return dais_tree_inclusion_verify(index, paths->size, leaf, path, &paths->root);
    if (index >= paths->size)
        return DAIS_ERR_OUT_OF_RANGE;
    climb_t climb;
    climb.paths = paths;
    climb.rest = path;
    climb.level = 0;
    climb.index = index;
    climb.last = paths->size - 1;
    climb.hash = *leaf;
    climb.is_proved = false;
    climb.count = 0;
    if (!climb_run(&climb))
        return DAIS_ERR_BAD_PROOF;
    for (size_t i = 0; i < climb.count; i++) {
        paths->known[climb.climbed[i].place] = true;
        paths->nodes[climb.climbed[i].place] = climb.climbed[i].hash;
    }
    return DAIS_OK;
}
