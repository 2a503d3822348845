package sqlite_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/sqlite"
)

// damage changes an image of a register: the database file and the write-ahead log.
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
	{"lower version", func(r *rand.Rand, file, log []byte) ([]byte, []byte) {
		file[63] = byte(1 + r.IntN(3)) // the version's last byte
		return file, log
	}},
	{"renamed column", func(_ *rand.Rand, file, log []byte) ([]byte, []byte) {
		return bytes.ReplaceAll(file, []byte("key             INTEGER"), []byte("kez             INTEGER")), log
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
		before := bytes.Clone(a)
		copy(a, b)
		copy(b, before)
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
	{"not a database", func(*rand.Rand, []byte, []byte) ([]byte, []byte) {
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

// After any damage, Open succeeds without help, and after a Reconcile every name is right. The exception is a
// flipped bit of the version in the header: Open refuses the apparently newer register.
func TestADamagedRegisterIsRecoveredAtTheStart(t *testing.T) {
	closed, logged := images(t)
	for _, d := range damages {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			lost, rounds := 0, stress(t, 16)
			for seed := range rounds {
				folder := t.TempDir()
				random := rand.New(rand.NewPCG(uint64(seed), 1))
				image := closed
				if seed%2 == 1 || d.name == "flipped log" || d.name == "truncated log" {
					image = logged
				}
				file, log := d.do(random, bytes.Clone(image.file), bytes.Clone(image.log))
				must(t, os.WriteFile(filepath.Join(folder, sqlite.FileName), file, 0o600))
				if log != nil {
					must(t, os.WriteFile(filepath.Join(folder, sqlite.FileName+"-wal"), log, 0o600))
				}
				if use(t, folder, fmt.Sprintf("%s, seed %d", d.name, seed)) {
					lost++
				}
			}
			t.Logf("%d of %d were moved", lost, rounds)
		})
	}
}

// use opens a register and calls a method of each kind. use reports whether Open moved the old file, and
// fails if Open changed the moved file.
func use(t *testing.T, folder, what string) (lost bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	before := files(t, folder)
	r, err := sqlite.Open(ctx, folder)
	if err != nil {
		if code := backend.AsFailure(err).Code; code != backend.DatabaseNewer {
			t.Errorf("%s: open: %v", what, err)
		}
		return false
	}
	defer func() { must(t, r.Close()) }()
	if lost = r.Opening().Lost; lost {
		for name, content := range files(t, r.Opening().DamagedFolder) {
			if name == sqlite.FileName && content != before[name] {
				t.Errorf("%s: the damaged file was changed", what)
			}
		}
	}
	steps := []func() error{
		func() error { _, err := r.SignIns(ctx); return err },
		func() error { _, err := r.Setting(ctx, "setting"); return err },
		func() error { return r.SaveSetting(ctx, "setting", "value") },
		func() error { return r.SaveRefusal(ctx, "organisation 3", at(2)) },
		func() error { return r.EndSignIn(ctx, anna().SignInKey, backend.RefusedByXero, at(3)) },
		func() error {
			_, err := r.Reconcile(ctx, anna(), backend.List{Connections: lists(anna(), sixty...)}, at(4))
			return err
		},
		func() error { return rightNames(ctx, r) },
	}
	for i, step := range steps {
		if err := step(); err != nil {
			t.Errorf("%s: step %d: %v", what, i, err)
		}
	}
	return lost
}

// rightNames checks the names of the sixty organisations in Anna's list.
func rightNames(ctx context.Context, r *sqlite.Register) error {
	page, err := r.Organisations(ctx, backend.Query{Sort: backend.BySignIn, Search: "organisation", Limit: 500})
	if err != nil {
		return err
	}
	named := map[string]string{}
	for _, o := range page.Rows {
		named[o.ID] = o.Name
	}
	for _, name := range sixty {
		if got := named[strings.ToLower(name)]; got != name {
			return fmt.Errorf("%s is called %q", name, got)
		}
	}
	return nil
}

// SQLite takes an empty file for a new database and deletes the log.
func TestAnEmptyFileWithALogIsDamaged(t *testing.T) {
	_, logged := images(t)
	folder := t.TempDir()
	must(t, os.WriteFile(filepath.Join(folder, sqlite.FileName), nil, 0o600))
	must(t, os.WriteFile(filepath.Join(folder, sqlite.FileName+"-wal"), logged.log, 0o600))
	r := open(t, folder)
	moved := files(t, r.Opening().DamagedFolder)
	if !r.Opening().Lost || moved[sqlite.FileName+"-wal"] != string(logged.log) {
		t.Errorf("%+v, with a log of %d bytes", r.Opening(), len(moved[sqlite.FileName+"-wal"]))
	}
}

var sixty = func() (names []string) {
	for i := range 60 {
		names = append(names, fmt.Sprintf("Organisation %d", i))
	}
	return names
}()

// integrity_check accepts the exchanged indexes: the second index is empty and partial. The query for forgotten
// organisations would find every organisation.
func TestTwoExchangedIndexesAreDamage(t *testing.T) {
	folder := t.TempDir()
	r, err := sqlite.Open(t.Context(), folder)
	must(t, err)
	reconcile(t, r, anna(), lists(anna(), sixty...), 1)
	root := func(index string) (page int) {
		must(t, r.DB().QueryRowContext(t.Context(), "SELECT rootpage FROM sqlite_schema WHERE name = ?", index).Scan(&page))
		return page
	}
	a, b := root("connections_by_sign_in"), root("organisations_forgotten")
	must(t, r.Close())
	path := filepath.Join(folder, sqlite.FileName)
	file, err := os.ReadFile(path)
	must(t, err)
	first, second := file[(a-1)*4096:a*4096], file[(b-1)*4096:b*4096]
	before := bytes.Clone(first)
	copy(first, second)
	copy(second, before)
	must(t, os.WriteFile(path, file, 0o600))
	if !use(t, folder, "two indexes") {
		t.Error("the damage was not found")
	}
}

type image struct{ file, log []byte }

// images returns the files of a closed register, and of a killed program's register with the last writes in the
// log.
func images(t *testing.T) (closed, logged image) {
	t.Helper()
	folder := t.TempDir()
	r := open(t, folder)
	many := sixty
	reconcile(t, r, anna(), lists(anna(), many...), 1)
	reconcile(t, r, ben(), lists(ben(), many[:20]...), 2)
	must(t, r.SaveSetting(t.Context(), "setting", "value"))
	_, err := r.DB().ExecContext(t.Context(), "PRAGMA wal_checkpoint(TRUNCATE)")
	must(t, err)
	closed.file = []byte(files(t, folder)[sqlite.FileName])
	reconcile(t, r, anna(), lists(anna(), many[30:]...), 3)
	logged.file = []byte(files(t, folder)[sqlite.FileName])
	logged.log = []byte(files(t, folder)[sqlite.FileName+"-wal"])
	return closed, logged
}
