// SPDX-License-Identifier: Apache-2.0

// Verifies a published log with Go's own implementations of signed notes and of the tiled tree, which
// share nothing with the code that wrote it:
//
//	verify_log FOLDER VKEY SEED SIZE...
//
// Everything in the folder is read at the first, and nothing may be there that is not verified.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io/fs"
	"math/rand"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	tileHeight    = 8
	inclusions    = 100
	flipsEachKind = 10
)

// A published log in memory: path to content.
type published struct {
	files    map[string][]byte
	used     map[string]bool
	verifier note.Verifier
	sizes    []int64
}

func (p *published) read(path string) ([]byte, error) {
	data, ok := p.files[path]
	if !ok {
		return nil, fmt.Errorf("no file %s", path)
	}
	p.used[path] = true
	return data, nil
}

// Go names a tile "tile/8/0/x001/234": the height stands in the path.
func tilePath(tile tlog.Tile) string {
	return "tile/" + strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", tileHeight))
}

// For tlog.TileHashReader, which itself checks the hashes against the root.
func (p *published) Height() int                             { return tileHeight }
func (p *published) SaveTiles(tiles []tlog.Tile, _ [][]byte) {}
func (p *published) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	all := make([][]byte, len(tiles))
	for i, tile := range tiles {
		data, err := p.read(tilePath(tile))
		if err != nil {
			return nil, err
		}
		all[i] = data
	}
	return all, nil
}

func (p *published) checkpoint(path string, size int64) (tlog.Tree, error) {
	var tree tlog.Tree
	data, err := p.read(path)
	if err != nil {
		return tree, err
	}
	opened, err := note.Open(data, note.VerifierList(p.verifier))
	if err != nil {
		return tree, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[3] != "" || lines[0] != p.verifier.Name() {
		return tree, fmt.Errorf("%s: not the text of a checkpoint of this log", path)
	}
	hash, err := tlog.ParseHash(lines[2])
	if err != nil {
		return tree, err
	}
	if lines[1] != strconv.FormatInt(size, 10) {
		return tree, fmt.Errorf("%s: size %s", path, lines[1])
	}
	return tlog.Tree{N: size, Hash: hash}, nil
}

// The leaves of a tree of this size, from its entry bundles.
func (p *published) leaves(size int64) ([][]byte, error) {
	var leaves [][]byte
	for first := int64(0); first < size; first += 1 << tileHeight {
		width := size - first
		if width > 1<<tileHeight {
			width = 1 << tileHeight
		}
		tile := tlog.Tile{H: tileHeight, L: 0, N: first >> tileHeight, W: int(width)}
		path := strings.Replace(tilePath(tile), "tile/0/", "tile/entries/", 1)
		data, err := p.read(path)
		if err != nil {
			return nil, err
		}
		for i := int64(0); i < width; i++ {
			if len(data) < 2 || len(data)-2 < int(binary.BigEndian.Uint16(data)) {
				return nil, fmt.Errorf("%s: cut off", path)
			}
			end := 2 + int(binary.BigEndian.Uint16(data))
			leaves = append(leaves, data[2:end])
			data = data[end:]
		}
		if len(data) != 0 {
			return nil, fmt.Errorf("%s: bytes behind the last entry", path)
		}
	}
	return leaves, nil
}

// One published size: the signature, and each leaf's bytes against the hash that the tiles, checked
// against the signed root, have in its place.
func (p *published) checkSize(size int64) (tlog.Tree, [][]byte, error) {
	tree, err := p.checkpoint(fmt.Sprintf("checkpoints/%d", size), size)
	if err != nil {
		return tree, nil, err
	}
	leaves, err := p.leaves(size)
	if err != nil {
		return tree, nil, err
	}
	indexes := make([]int64, size)
	for i := range indexes {
		indexes[i] = tlog.StoredHashIndex(0, int64(i))
	}
	hashes, err := tlog.TileHashReader(tree, p).ReadHashes(indexes)
	if err != nil {
		return tree, nil, err
	}
	for i, leaf := range leaves {
		if tlog.RecordHash(leaf) != hashes[i] {
			return tree, nil, fmt.Errorf("size %d: entry %d is not the leaf", size, i)
		}
	}
	return tree, leaves, nil
}

func (p *published) check() ([]tlog.Tree, [][]byte, error) {
	var trees []tlog.Tree
	var leaves [][]byte
	p.used = map[string]bool{}
	for _, size := range p.sizes {
		tree, found, err := p.checkSize(size)
		if err != nil {
			return nil, nil, err
		}
		trees, leaves = append(trees, tree), found
	}
	last := trees[len(trees)-1]
	latest, err := p.checkpoint("checkpoint", last.N)
	if err != nil {
		return nil, nil, err
	}
	if latest != last {
		return nil, nil, fmt.Errorf("checkpoint: another root")
	}
	return trees, leaves, nil
}

func (p *published) checkInclusions(random *rand.Rand, tree tlog.Tree, leaves [][]byte) error {
	for i := 0; i < inclusions; i++ {
		index := random.Int63n(tree.N)
		proof, err := tlog.ProveRecord(tree.N, index, tlog.TileHashReader(tree, p))
		if err != nil {
			return err
		}
		leaf := tlog.RecordHash(leaves[index])
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, leaf); err != nil {
			return fmt.Errorf("entry %d: %v", index, err)
		}
	}
	return nil
}

func (p *published) checkConsistency(trees []tlog.Tree) (int, error) {
	count := 0
	for j, newer := range trees {
		for _, older := range trees[:j] {
			proof, err := tlog.ProveTree(newer.N, older.N, tlog.TileHashReader(newer, p))
			if err != nil {
				return count, err
			}
			if err := tlog.CheckTree(proof, newer.N, newer.Hash, older.N, older.Hash); err != nil {
				return count, fmt.Errorf("%d to %d: %v", older.N, newer.N, err)
			}
			count++
		}
	}
	return count, nil
}

// The kind of a file: a flip in each kind has to be caught, however few files are of it.
func kind(path string) string {
	parts := strings.Split(path, "/")
	if parts[0] != "tile" {
		return "checkpoint"
	}
	if strings.Contains(path, ".p/") {
		return parts[1] + " partial"
	}
	return parts[1] + " full"
}

func (p *published) checkFlips(random *rand.Rand) (map[string]int, error) {
	kinds := map[string][]string{}
	for path := range p.files {
		kinds[kind(path)] = append(kinds[kind(path)], path)
	}
	names := []string{}
	for name, paths := range kinds {
		sort.Strings(paths)
		names = append(names, name)
	}
	sort.Strings(names)
	caught := map[string]int{}
	for _, name := range names {
		for i := 0; i < flipsEachKind; i++ {
			path := kinds[name][random.Intn(len(kinds[name]))]
			data := p.files[path]
			at := random.Intn(len(data))
			change := byte(1 + random.Intn(255))
			data[at] ^= change
			if _, _, err := p.check(); err == nil {
				return caught, fmt.Errorf("%s: byte %d changed by %02x, not seen", path, at, change)
			}
			data[at] ^= change
			caught[name]++
		}
	}
	return caught, nil
}

func load(folder string) (map[string][]byte, error) {
	files := map[string][]byte{}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		files[filepath.ToSlash(name)], err = os.ReadFile(path)
		return err
	})
	return files, err
}

func (p *published) run(random *rand.Rand) error {
	trees, leaves, err := p.check()
	if err != nil {
		return err
	}
	for path := range p.files {
		if !p.used[path] {
			return fmt.Errorf("%s: read by nobody", path)
		}
	}
	fmt.Printf("go: %d files read, %d checkpoints opened, %d entries hash to their leaves\n",
		len(p.files), len(trees)+1, len(leaves))
	last := trees[len(trees)-1]
	if err := p.checkInclusions(random, last, leaves); err != nil {
		return err
	}
	count, err := p.checkConsistency(trees)
	if err != nil {
		return err
	}
	fmt.Printf("go: %d random inclusions and %d consistency proofs among sizes %v hold, root %s\n",
		inclusions, count, p.sizes, base64.StdEncoding.EncodeToString(last.Hash[:]))
	caught, err := p.checkFlips(random)
	if err != nil {
		return err
	}
	total := 0
	for _, n := range caught {
		total += n
	}
	fmt.Printf("go: %d of %d flipped bytes caught: %v\n", total, len(caught)*flipsEachKind, caught)
	if _, _, err := p.check(); err != nil {
		return fmt.Errorf("after all flips were undone: %v", err)
	}
	return nil
}

func start(args []string) error {
	if len(args) < 4 {
		return fmt.Errorf("usage: verify_log FOLDER VKEY SEED SIZE...")
	}
	files, err := load(args[0])
	if err != nil {
		return err
	}
	verifier, err := note.NewVerifier(args[1])
	if err != nil {
		return err
	}
	seed, err := strconv.ParseInt(args[2], 10, 64)
	if err != nil {
		return err
	}
	p := &published{files: files, verifier: verifier}
	for _, text := range args[3:] {
		size, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return err
		}
		p.sizes = append(p.sizes, size)
	}
	return p.run(rand.New(rand.NewSource(seed)))
}

func main() {
	if err := start(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "verify_log:", err)
		os.Exit(1)
	}
}
