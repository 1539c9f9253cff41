// SPDX-License-Identifier: Apache-2.0

// A changed byte anywhere in the published log is seen. The bytes of each file are changed one at a time,
// and what rests on the changed byte is checked again. In checkpoints each byte takes each other value.
package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"math/rand"
	"runtime"
	"sort"
	"strings"
	"sync"

	"golang.org/x/mod/sumdb/tlog"
)

// Of a kind that has few files at least one of so many bytes is changed.
const (
	fewFiles = 10
	fewStep  = 8
)

// What was tried in files of one kind.
type flips struct {
	files, bytes, changed int64
	same                  int64 // other bytes that Go reads as the same signature
}

// The kind of a file: a level of tiles, the entry bundles, the checkpoints.
func kind(path string) string {
	parts := strings.Split(path, "/")
	if parts[0] != "tile" {
		return "checkpoints"
	}
	if strings.Contains(path, ".p/") {
		return parts[0] + "/" + parts[1] + " partial"
	}
	return parts[0] + "/" + parts[1] + " full"
}

// The last signature line without the padding bits of its base64, which Go does not look at: RFC 4648,
// section 3.5, leaves that to the decoder. Our own decoder refuses them (test_proto_checkpoint).
func withoutPaddingBits(data []byte) []byte {
	at := bytes.LastIndexByte(data, ' ') + 1
	value, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(string(data[at:]), "\n"))
	if err != nil {
		return data
	}
	return append(append([]byte{}, data[:at]...), value...)
}

func (p *published) flipCheckpoint(path string, size int64) (flips, error) {
	good := p.files[path]
	tried := flips{files: 1, bytes: int64(len(good))}
	for at := range good {
		for change := 1; change < 256; change++ {
			data := append([]byte{}, good...)
			data[at] ^= byte(change)
			tried.changed++
			if _, err := p.with(path, data).checkpoint(path, size); err != nil {
				continue
			}
			if !bytes.Equal(withoutPaddingBits(data), withoutPaddingBits(good)) {
				return tried, fmt.Errorf("%s: byte %d changed by %02x, not seen", path, at, change)
			}
			tried.same++
		}
	}
	return tried, nil
}

// Whether the changed bundle is seen: by its lengths, or since a leaf does not hash to its place.
type bundleJudge struct {
	at     stretch
	hashes []tlog.Hash
}

func (j bundleJudge) sees(changed *published, _ int) bool {
	leaves, err := changed.leaves(j.at)
	return err != nil || match(j.at, leaves, j.hashes) != nil
}

// Whether the changed tile is seen. A hash of level 0 has to be that of its leaf. One above is judged by
// Go's own proofs of inclusion: that of a leaf beside a hash holds the hash; where nothing is beside it
// yet, that of the first leaf or the last one does. To read the tile would not do: TileHashReader of
// golang.org/x/mod 0.7.0 passes over the check of some tiles when the tree's right edge has more subtrees
// than tiles.
type tileJudge struct {
	tree   tlog.Tree
	level  int
	index  int64
	leaves [][]byte
}

func (j tileJudge) proves(changed *published, leaf int64) bool {
	proof, err := tlog.ProveRecord(j.tree.N, leaf, tlog.TileHashReader(j.tree, changed))
	return err == nil && tlog.CheckRecord(proof, j.tree.N, j.tree.Hash, leaf,
		tlog.RecordHash(j.leaves[leaf])) == nil
}

func (j tileJudge) sees(changed *published, at int) bool {
	if j.level == 0 {
		leaf := j.index<<tileHeight + int64(at/tlog.HashSize)
		index := []int64{tlog.StoredHashIndex(0, leaf)}
		hashes, err := tlog.TileHashReader(j.tree, changed).ReadHashes(index)
		return err != nil || hashes[0] != tlog.RecordHash(j.leaves[leaf])
	}
	beside := (j.index<<tileHeight + int64(at/tlog.HashSize)) ^ 1
	for _, leaf := range []int64{beside << (tileHeight * j.level), 0, j.tree.N - 1} {
		if leaf < j.tree.N && !j.proves(changed, leaf) {
			return true
		}
	}
	return false
}

type fileJudge interface {
	sees(changed *published, at int) bool
}

func (p *published) judgeOf(path string, s stretch, leaves [][]byte) (fileJudge, error) {
	if path == entriesPath(s) {
		hashes, err := p.hashes(s)
		return bundleJudge{s, hashes}, err
	}
	tile, err := tlog.ParseTilePath(strings.Replace(path, "tile/", fmt.Sprintf("tile/%d/", tileHeight), 1))
	return tileJudge{s.tree, tile.L, tile.N, leaves}, err
}

func seen(changed *published, judges []fileJudge, at int) bool {
	for _, judge := range judges {
		if judge.sees(changed, at) {
			return true
		}
	}
	return false
}

// One byte of each step is changed, by chance; with step 1, each.
func (p *published) flipFile(path string, random *rand.Rand, step int, judges []fileJudge) (flips, error) {
	data := append([]byte{}, p.files[path]...)
	changed := p.with(path, data)
	tried := flips{files: 1, bytes: int64(len(data))}
	for first := 0; first < len(data); first += step {
		at := first + random.Intn(step)
		if at >= len(data) {
			at = len(data) - 1
		}
		if seen(changed, judges, at) {
			return tried, fmt.Errorf("%s: byte %d is refused though nothing is changed", path, at)
		}
		change := byte(1 + random.Intn(255))
		data[at] ^= change
		tried.changed++
		if !seen(changed, judges, at) {
			return tried, fmt.Errorf("%s: byte %d changed by %02x, not seen", path, at, change)
		}
		data[at] ^= change
	}
	return tried, nil
}

func (p *published) stepOf(path string, step int) int {
	count := 0
	for other := range p.files {
		if kind(other) == kind(path) {
			count++
		}
	}
	if count < fewFiles && step > fewStep {
		return fewStep
	}
	return step
}

func (p *published) flipAny(path string, random *rand.Rand, step int, readers map[int64]stretch,
	leaves [][]byte) (flips, error) {
	var judges []fileJudge
	for size, s := range readers {
		if kind(path) == "checkpoints" {
			return p.flipCheckpoint(path, size)
		}
		judge, err := p.judgeOf(path, s, leaves)
		if err != nil {
			return flips{}, err
		}
		judges = append(judges, judge)
	}
	return p.flipFile(path, random, p.stepOf(path, step), judges)
}

// All files, on all processors. What is changed where follows from the seed alone.
func (p *published) checkFlips(seed int64, step int, readers map[string]map[int64]stretch,
	leaves [][]byte) error {
	paths := make(chan string)
	var lock sync.Mutex
	var group sync.WaitGroup
	var failed error
	kinds := map[string]flips{}
	work := func() {
		defer group.Done()
		for path := range paths {
			hash := tlog.RecordHash([]byte(path))
			random := rand.New(rand.NewSource(seed ^ int64(hash[0])<<32 ^ int64(hash[1])<<40))
			tried, err := p.flipAny(path, random, step, readers[path], leaves)
			lock.Lock()
			sum := kinds[kind(path)]
			kinds[kind(path)] = flips{sum.files + tried.files, sum.bytes + tried.bytes,
				sum.changed + tried.changed, sum.same + tried.same}
			if err != nil && failed == nil {
				failed = err
			}
			lock.Unlock()
		}
	}
	for i := 0; i < runtime.NumCPU(); i++ {
		group.Add(1)
		go work()
	}
	for path := range p.files {
		paths <- path
	}
	close(paths)
	group.Wait()
	if failed != nil {
		return failed
	}
	showFlips(kinds)
	return nil
}

func showFlips(kinds map[string]flips) {
	var total flips
	names := []string{}
	for name, tried := range kinds {
		names = append(names, name)
		total = flips{total.files + tried.files, total.bytes + tried.bytes,
			total.changed + tried.changed, total.same + tried.same}
	}
	sort.Strings(names)
	for _, name := range names {
		tried := kinds[name]
		fmt.Printf("go: %-21s %7d files, %8d bytes, %7d changes\n", name, tried.files, tried.bytes,
			tried.changed)
	}
	fmt.Printf("go: %d of %d changed bytes caught in %d files; %d only rewrite padding bits of the base64 "+
		"of a signature, which Go takes for the same\n", total.changed-total.same, total.changed,
		total.files, total.same)
}
