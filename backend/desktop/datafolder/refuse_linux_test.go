package datafolder_test

import (
	"os"
	osuser "os/user"
	"path/filepath"
	"strings"
	"testing"

	"bookring/backend"
	"bookring/backend/desktop/datafolder"
)

func TestAnUnsuitableFolderIsRefusedInWords(t *testing.T) {
	home := newHome(t)
	plant(t, home, "file", "real/letter.odt", "stranger/", "link -> "+home+"/real", "nowhere -> "+home+"/missing", "tofile -> "+home+"/file")
	want := map[string]backend.Code{
		home: "data-folder-home", home + "/": "data-folder-home", home + "/real/..": "data-folder-home", "~": "data-folder-home", "~/": "data-folder-home",
		home + "/file": "data-folder-file", home + "/file/": "data-folder-file", "~/file": "data-folder-file",
		home + "/link": "data-folder-link", home + "/link/": "data-folder-link", home + "/link/.": "data-folder-link",
		home + "/nowhere": "data-folder-link", home + "/tofile": "data-folder-link",
	}
	if os.Geteuid() == 0 {
		if err := os.Chown(home+"/stranger", 4711, 4711); err != nil {
			t.Fatal(err)
		}
		want[home+"/stranger"] = "data-folder-other-user"
	}
	for _, root := range []string{"/", "//", "/.."} {
		same(t, datafolder.Refusal(root), "data-folder-root") // never opened: a fault would reach the computer's files
	}
	before := tree(t, home)
	for path, want := range want {
		_, err := datafolder.Base(path)
		f := backend.AsFailure(err)
		if f == nil || f.Code != want || f.Detail != filepath.Clean(strings.Replace(path, "~", home, 1)) || !spoken(f) {
			t.Errorf("%s: %v", path, err)
		}
	}
	same(t, tree(t, home), before)
}

// spoken reports whether a failure has words of its own.
func spoken(f *backend.Failure) bool {
	return f.Words().Sentence != "" && f.Words().Title != (&backend.Failure{Code: backend.Unexpected}).Words().Title
}

// An earlier Bookring worked in such a folder: the user must find the list again.
func TestTheRefusalSaysWhereAnExistingListIs(t *testing.T) {
	home := newHome(t)
	register(t, home, "BKRG")
	register(t, home+"/real", "BKRG")
	register(t, home+"/beside/bookring-data", "BKRG")
	register(t, home+"/backed-up/backups", "BKRG")
	if err := os.Rename(home+"/backed-up/backups/bookring.db", home+"/backed-up/backups/bookring-"+stamp+"Z.db"); err != nil {
		t.Fatal(err)
	}
	plant(t, home, "link -> "+home+"/real", "tosubfolder -> "+home+"/beside", "tobackup -> "+home+"/backed-up", "tohome -> "+home)
	before := tree(t, home)
	for path, want := range map[string][2]string{
		home:                  {"data-folder-home-list", home},
		home + "/link":        {"data-folder-link-list", home + "/real"},
		home + "/tosubfolder": {"data-folder-link-list", home + "/beside"},
		home + "/tobackup":    {"data-folder-link-list", home + "/backed-up"},
		home + "/tohome":      {"data-folder-link-list", home},
	} {
		_, err := datafolder.Base(path)
		f := backend.AsFailure(err)
		if f == nil || string(f.Code) != want[0] || !strings.Contains(f.Words().Sentence, want[1]) || !spoken(f) {
			t.Errorf("%s: %v", path, err)
		}
	}
	same(t, tree(t, home), before)
	for _, code := range []backend.Code{backend.ListInRoot, backend.ListOfAnother} {
		if f := backend.Fail(code, "/place", nil); !strings.Contains(f.Words().Sentence, "/place") || !spoken(f) {
			t.Errorf("%s has no words", code)
		}
	}
}

// A program started with another HOME must not take the account's own folder either.
func TestTheAccountsHomeFolderIsRefused(t *testing.T) {
	newHome(t)
	account, err := osuser.Current()
	if err != nil {
		t.Skip(err)
	}
	if _, err := os.Stat(account.HomeDir); err != nil {
		t.Skip(err)
	}
	if got := datafolder.Refusal(account.HomeDir); !strings.HasPrefix(string(got), "data-folder-home") {
		t.Errorf("%s", got)
	}
}

func TestAFolderBehindALinkInThePathIsNotRefused(t *testing.T) {
	home := newHome(t)
	plant(t, home, "real/letter.odt", "link -> "+home+"/real")
	got, err := datafolder.Base(filepath.Join(home, "link", "data"))
	same(t, got, filepath.Join(home, "link", "data"))
	same(t, err, nil)
}

func TestATildeIsTheHomeFolder(t *testing.T) {
	home := newHome(t)
	t.Chdir(t.TempDir())
	for override, want := range map[string]string{"~/data/x": home + "/data/x", "~/y/": home + "/y", "~z": "/~z"} {
		got, err := datafolder.Base(override)
		if err != nil || !strings.HasSuffix(got, want) {
			t.Errorf("%s: %s, %v", override, got, err)
		}
	}
}

// An earlier Bookring did not replace ~: the list is in a folder named ~.
func TestAListInAFolderNamedTildeIsFound(t *testing.T) {
	newHome(t)
	folder, err := filepath.EvalSymlinks(t.TempDir())
	same(t, err, nil)
	t.Chdir(folder)
	register(t, folder+"/~/data", "BKRG")
	got, err := datafolder.Base("~/data")
	same(t, got, folder+"/~/data")
	same(t, err, nil)
}
