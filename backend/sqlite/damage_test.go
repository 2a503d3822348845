package sqlite_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/sqlite"
)

// A damage changes an image of a register: its file and its log.
type damage struct {
	name string
	do   func(r *rand.Rand, file, log []byte) (newFile, newLog []byte)
}

var damages = []damage{
	{"truncated", func(r *rand.Rand, file, log []byte) ([]byte, []byte) { return file[:r.IntN(len(file))], log }},
	{"header", func(r *rand.Rand, file, log []byte) ([]byte, []byte) {
		file[r.IntN(100)] = byte(r.Uint32())
		return file, log
	}},
	{"one bit", func(r *rand.Rand, file, log []byte) ([]byte, []byte) {
		file[r.IntN(len(file))] ^= 1 << r.IntN(8)
		return file, log
	}},
	{"schema", func(r *rand.Rand, file, log []byte) ([]byte, []byte) {
		file[r.IntN(4096)] ^= 1 << r.IntN(8)
		return file, log
	}},
	{"sixteen bits", func(r *rand.Rand, file, log []byte) ([]byte, []byte) {
		for range 16 {
			file[r.IntN(len(file))] ^= 1 << r.IntN(8)
		}
		return file, log
	}},
	{"zero page", func(r *rand.Rand, file, log []byte) ([]byte, []byte) {
		clear(pageOf(r, file))
		return file, log
	}},
	{"garbage page", func(r *rand.Rand, file, log []byte) ([]byte, []byte) {
		scribble(r, pageOf(r, file))
		return file, log
	}},
	{"swapped pages", func(r *rand.Rand, file, log []byte) ([]byte, []byte) {
		a, b := pageOf(r, file), pageOf(r, file)
		kept := bytes.Clone(a)
		copy(a, b)
		copy(b, kept)
		return file, log
	}},
	{"garbage log", func(r *rand.Rand, file, _ []byte) ([]byte, []byte) {
		log := make([]byte, r.IntN(50_000))
		scribble(r, log)
		return file, log
	}},
	{"flipped log", func(r *rand.Rand, file, log []byte) ([]byte, []byte) {
		log[r.IntN(len(log))] ^= 1 << r.IntN(8)
		return file, log
	}},
	{"truncated log", func(r *rand.Rand, file, log []byte) ([]byte, []byte) { return file, log[:r.IntN(len(log))] }},
	{"empty", func(_ *rand.Rand, _, log []byte) ([]byte, []byte) { return nil, log }},
	{"all empty", func(*rand.Rand, []byte, []byte) ([]byte, []byte) { return nil, nil }},
	{"appended", func(_ *rand.Rand, file, log []byte) ([]byte, []byte) { return append(file, "more"...), log }},
	{"no database", func(*rand.Rand, []byte, []byte) ([]byte, []byte) {
		return bytes.Repeat([]byte("<html>"), 1_000), nil
	}},
}

func pageOf(r *rand.Rand, file []byte) []byte {
	page := r.IntN(len(file) / 4096)
	return file[page*4096 : (page+1)*4096]
}

func scribble(r *rand.Rand, b []byte) {
	for i := range b {
		b[i] = byte(r.Uint32())
	}
}

// A damaged register is opened, where SQLite can tell that nothing of it is
// lost or cannot tell at all, or is refused as damaged and left as it is. One
// flip in the header can make it look newer, another (byte 18) read-only.
func TestADamagedRegisterOpensOrSaysSo(t *testing.T) {
	whole, logged := images(t)
	for _, d := range damages {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			opened, rounds := 0, stress(t, 16)
			for seed := range rounds {
				folder := t.TempDir()
				random := rand.New(rand.NewPCG(uint64(seed), 1))
				image := whole
				if seed%2 == 1 || d.name == "flipped log" || d.name == "truncated log" {
					image = logged
				}
				file, log := d.do(random, bytes.Clone(image.file), bytes.Clone(image.log))
				must(t, os.WriteFile(filepath.Join(folder, sqlite.FileName), file, 0o600))
				if log != nil {
					must(t, os.WriteFile(filepath.Join(folder, sqlite.FileName+"-wal"), log, 0o600))
				}
				if use(t, folder, fmt.Sprintf("%s, seed %d", d.name, seed)) {
					opened++
				}
			}
			t.Logf("%d of %d opened", opened, rounds)
		})
	}
}

// use opens a register and does everything with it once; it reports whether
// that was possible.
func use(t *testing.T, folder, what string) bool {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	before := files(t, folder)
	r, err := sqlite.Open(ctx, folder)
	if err != nil {
		code := backend.AsFailure(err).Code
		if code != backend.DatabaseDamaged && code != backend.DatabaseNewer && code != backend.DatabaseReadOnly {
			t.Errorf("%s: open: %v", what, err)
		}
		if name := sqlite.FileName; files(t, folder)[name] != before[name] {
			t.Errorf("%s: the file was changed (%v)", what, err)
		}
		return false
	}
	defer func() { must(t, r.Close()) }()
	steps := []func() error{
		func() error {
			_, err := r.Organisations(ctx, backend.Query{Sort: backend.BySignIn, Search: "o", Limit: 500})
			return err
		},
		func() error { _, err := r.SignIns(ctx); return err },
		func() error { _, err := r.Setting(ctx, "setting"); return err },
		func() error { return r.SaveSetting(ctx, "setting", "value") },
		func() error {
			_, err := r.Reconcile(ctx, anna(), lists(anna(), "Organisation 3", "New"), at(1))
			return err
		},
		func() error { return r.SaveRefusal(ctx, "new", at(2)) },
		func() error { return r.EndSignIn(ctx, anna().SignInKey, backend.RefusedByXero, at(3)) },
	}
	for i, step := range steps {
		err := step()
		if err == nil {
			continue
		}
		if code := backend.AsFailure(err).Code; code != backend.DatabaseDamaged && code != backend.DatabaseReadOnly {
			t.Errorf("%s: step %d: %v", what, i, err)
		}
	}
	return true
}

// SQLite takes an empty file for a new one, and throws its log away.
func TestAnEmptyFileWithALogIsDamaged(t *testing.T) {
	_, logged := images(t)
	folder := t.TempDir()
	must(t, os.WriteFile(filepath.Join(folder, sqlite.FileName), nil, 0o600))
	must(t, os.WriteFile(filepath.Join(folder, sqlite.FileName+"-wal"), logged.log, 0o600))
	refusedUntouched(t, folder, backend.DatabaseDamaged)
}

type image struct{ file, log []byte }

// images are a register that was closed, and one whose program was killed with
// its last writes in the log.
func images(t *testing.T) (whole, logged image) {
	t.Helper()
	folder := t.TempDir()
	r := open(t, folder)
	var many []string
	for i := range 60 {
		many = append(many, fmt.Sprintf("Organisation %d", i))
	}
	reconcile(t, r, anna(), lists(anna(), many...), 1)
	reconcile(t, r, ben(), lists(ben(), many[:20]...), 2)
	must(t, r.SaveSetting(t.Context(), "setting", "value"))
	_, err := r.DB().ExecContext(t.Context(), "PRAGMA wal_checkpoint(TRUNCATE)")
	must(t, err)
	whole.file = []byte(files(t, folder)[sqlite.FileName])
	reconcile(t, r, anna(), lists(anna(), many[30:]...), 3)
	logged.file = []byte(files(t, folder)[sqlite.FileName])
	logged.log = []byte(files(t, folder)[sqlite.FileName+"-wal"])
	return whole, logged
}
