// SPDX-License-Identifier: Apache-2.0

// Receipts (C2SP tlog-proof) of a published log: each proves its leaf, which is taken from the entry
// bundles, under the checkpoint that stands in it; each that was changed does not.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type receipt struct {
	index      int64
	proof      tlog.RecordProof
	checkpoint []byte
}

func parseReceipt(text string) (receipt, error) {
	var r receipt
	head, checkpoint, ok := strings.Cut(text, "\n\n")
	lines := strings.Split(head, "\n")
	if !ok || lines[0] != "c2sp.org/tlog-proof@v1" {
		return r, fmt.Errorf("no tlog-proof")
	}
	lines = lines[1:]
	if len(lines) > 0 && strings.HasPrefix(lines[0], "extra ") {
		lines = lines[1:]
	}
	if len(lines) == 0 || !strings.HasPrefix(lines[0], "index ") {
		return r, fmt.Errorf("no index")
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[0], "index "), 10, 64)
	if err != nil {
		return r, err
	}
	r.index, r.checkpoint = index, []byte(checkpoint)
	for _, line := range lines[1:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return r, err
		}
		r.proof = append(r.proof, hash)
	}
	return r, nil
}

func (p *published) checkReceipt(r receipt, leaves [][]byte) error {
	opened, err := note.Open(r.checkpoint, note.VerifierList(p.verifier))
	if err != nil {
		return err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 3 || lines[0] != p.verifier.Name() {
		return fmt.Errorf("not a checkpoint of this log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return err
	}
	hash, err := tlog.ParseHash(lines[2])
	if err != nil {
		return err
	}
	if r.index < 0 || r.index >= size || r.index >= int64(len(leaves)) {
		return fmt.Errorf("index %d of %d", r.index, size)
	}
	return tlog.CheckRecord(r.proof, size, hash, r.index, tlog.RecordHash(leaves[r.index]))
}

// Every way in which one thing in it is another: the index, each hash, each byte of the checkpoint.
func changedReceipts(r receipt) []receipt {
	var all []receipt
	for _, other := range []int64{r.index - 1, r.index + 1} {
		all = append(all, receipt{other, r.proof, r.checkpoint})
	}
	for i := range r.proof {
		proof := append(tlog.RecordProof{}, r.proof...)
		proof[i][i%tlog.HashSize] ^= 1 << (i % 8)
		all = append(all, receipt{r.index, proof, r.checkpoint})
		short := append(append(tlog.RecordProof{}, r.proof[:i]...), r.proof[i+1:]...)
		all = append(all, receipt{r.index, short, r.checkpoint})
	}
	for at := range r.checkpoint {
		data := append([]byte{}, r.checkpoint...)
		data[at] ^= 1 << (at % 8)
		if string(withoutPaddingBits(data)) != string(withoutPaddingBits(r.checkpoint)) {
			all = append(all, receipt{r.index, r.proof, data})
		}
	}
	return all
}

func (p *published) checkReceipts(folder string, leaves [][]byte) error {
	paths, err := filepath.Glob(filepath.Join(folder, "*.txt"))
	if err != nil {
		return err
	}
	if len(paths) == 0 {
		return fmt.Errorf("%s: no receipts", folder)
	}
	refused := 0
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		r, err := parseReceipt(string(text))
		if err == nil {
			err = p.checkReceipt(r, leaves)
		}
		if err != nil {
			return fmt.Errorf("%s: %v", path, err)
		}
		if filepath.Base(path) != fmt.Sprintf("%d.txt", r.index) {
			return fmt.Errorf("%s: index %d", path, r.index)
		}
		for _, other := range changedReceipts(r) {
			if p.checkReceipt(other, leaves) == nil {
				return fmt.Errorf("%s: a changed one is taken", path)
			}
			refused++
		}
	}
	fmt.Printf("go: %d receipts prove their entries, %d changed ones do not\n", len(paths), refused)
	return nil
}
