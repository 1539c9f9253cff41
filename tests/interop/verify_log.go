// SPDX-License-Identifier: Apache-2.0

// Verifies a published log with Go's own implementations of signed notes and of the tiled tree, which
// share nothing with the code that wrote it:
//
//	verify_log [-receipts FOLDER] FOLDER VKEY SEED STEP SIZE...
//
// Everything in the folder is read at the first, and nothing may be there that is not verified. Of each
// STEP bytes one is then changed, and has to be seen (verify_flips.go); with STEP 0, none. Receipts have
// to prove entries of the log (verify_receipts.go).
package main

import (
	"encoding/base64"
	"encoding/binary"
	"flag"
	"fmt"
	"io/fs"
	"math/rand"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	tileHeight = 8
	inclusions = 100
)

// Leaves first, first + 1 ... of one tree, as far as one tile reaches: what is read and checked at once.
type stretch struct {
	tree  tlog.Tree
	first int64
}

func (s stretch) width() int64 {
	if s.tree.N-s.first < 1<<tileHeight {
		return s.tree.N - s.first
	}
	return 1 << tileHeight
}

// A published log in memory: path to content. A file may be replaced without touching the rest.
type published struct {
	files    map[string][]byte
	verifier note.Verifier
	sizes    []int64

	replacedPath string
	replaced     []byte

	// Where this is not nil: for each path the last stretch of each size whose check read it.
	readers map[string]map[int64]stretch
	current stretch
}

func (p *published) read(path string) ([]byte, error) {
	data, ok := p.files[path]
	if !ok {
		return nil, fmt.Errorf("no file %s", path)
	}
	if p.readers != nil {
		if p.readers[path] == nil {
			p.readers[path] = map[int64]stretch{}
		}
		p.readers[path][p.current.tree.N] = p.current
	}
	if path == p.replacedPath {
		return p.replaced, nil
	}
	return data, nil
}

// The same log with other bytes in one file.
func (p *published) with(path string, data []byte) *published {
	return &published{files: p.files, verifier: p.verifier, sizes: p.sizes, replacedPath: path,
		replaced: data}
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

func entriesPath(s stretch) string {
	tile := tlog.Tile{H: tileHeight, L: 0, N: s.first >> tileHeight, W: int(s.width())}
	return strings.Replace(tilePath(tile), "tile/0/", "tile/entries/", 1)
}

// The leaves, from their entry bundle.
func (p *published) leaves(s stretch) ([][]byte, error) {
	path := entriesPath(s)
	data, err := p.read(path)
	if err != nil {
		return nil, err
	}
	leaves := make([][]byte, s.width())
	for i := range leaves {
		if len(data) < 2 || len(data)-2 < int(binary.BigEndian.Uint16(data)) {
			return nil, fmt.Errorf("%s: cut off", path)
		}
		end := 2 + int(binary.BigEndian.Uint16(data))
		leaves[i] = data[2:end]
		data = data[end:]
	}
	if len(data) != 0 {
		return nil, fmt.Errorf("%s: bytes behind the last entry", path)
	}
	return leaves, nil
}

// The hashes of the leaves, from tiles that Go has checked against the signed root.
func (p *published) hashes(s stretch) ([]tlog.Hash, error) {
	indexes := make([]int64, s.width())
	for i := range indexes {
		indexes[i] = tlog.StoredHashIndex(0, s.first+int64(i))
	}
	return tlog.TileHashReader(s.tree, p).ReadHashes(indexes)
}

func match(s stretch, leaves [][]byte, hashes []tlog.Hash) error {
	for i, leaf := range leaves {
		if tlog.RecordHash(leaf) != hashes[i] {
			return fmt.Errorf("size %d: entry %d is not the leaf", s.tree.N, s.first+int64(i))
		}
	}
	return nil
}

func (p *published) checkStretch(s stretch) ([][]byte, error) {
	p.current = s
	leaves, err := p.leaves(s)
	if err != nil {
		return nil, err
	}
	hashes, err := p.hashes(s)
	if err != nil {
		return nil, err
	}
	return leaves, match(s, leaves, hashes)
}

// One published size: the signature, and the bytes of each leaf against its place in the signed tree.
func (p *published) checkSize(size int64) (tlog.Tree, [][]byte, error) {
	p.current = stretch{tree: tlog.Tree{N: size}}
	tree, err := p.checkpoint(fmt.Sprintf("checkpoints/%d", size), size)
	if err != nil {
		return tree, nil, err
	}
	var leaves [][]byte
	for s := (stretch{tree, 0}); s.first < size; s.first += 1 << tileHeight {
		found, err := p.checkStretch(s)
		if err != nil {
			return tree, nil, err
		}
		leaves = append(leaves, found...)
	}
	return tree, leaves, nil
}

func (p *published) check() ([]tlog.Tree, [][]byte, error) {
	var trees []tlog.Tree
	var leaves [][]byte
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

func (p *published) run(seed int64, step int, receipts string) error {
	p.readers = map[string]map[int64]stretch{}
	trees, leaves, err := p.check()
	if err != nil {
		return err
	}
	readers := p.readers
	p.readers = nil
	for path := range p.files {
		if readers[path] == nil {
			return fmt.Errorf("%s: read by nobody", path)
		}
	}
	fmt.Printf("go: %d files read, %d checkpoints opened, %d entries hash to their leaves\n",
		len(p.files), len(trees)+1, len(leaves))
	last := trees[len(trees)-1]
	if err := p.checkInclusions(rand.New(rand.NewSource(seed)), last, leaves); err != nil {
		return err
	}
	count, err := p.checkConsistency(trees)
	if err != nil {
		return err
	}
	fmt.Printf("go: %d random inclusions and %d consistency proofs among sizes %v hold, root %s\n",
		inclusions, count, p.sizes, base64.StdEncoding.EncodeToString(last.Hash[:]))
	if receipts != "" {
		if err := p.checkReceipts(receipts, leaves); err != nil {
			return err
		}
	}
	if step == 0 {
		return nil
	}
	return p.checkFlips(seed, step, readers, leaves)
}

func numbers(texts []string) ([]int64, error) {
	var values []int64
	for _, text := range texts {
		value, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, err
		}
		values = append(values, value)
	}
	return values, nil
}

func start(args []string, receipts string) error {
	if len(args) < 5 {
		return fmt.Errorf("usage: verify_log [-receipts FOLDER] FOLDER VKEY SEED STEP SIZE...")
	}
	files, err := load(args[0])
	if err != nil {
		return err
	}
	verifier, err := note.NewVerifier(args[1])
	if err != nil {
		return err
	}
	values, err := numbers(args[2:])
	if err != nil {
		return err
	}
	p := &published{files: files, verifier: verifier, sizes: values[2:]}
	return p.run(values[0], int(values[1]), receipts)
}

func main() {
	receipts := flag.String("receipts", "", "a folder of receipts of the log")
	flag.Parse()
	if err := start(flag.Args(), *receipts); err != nil {
		fmt.Fprintln(os.Stderr, "verify_log:", err)
		os.Exit(1)
	}
}
