package backend_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const words = "bookring/backend"

// mayImport is the house's import rule: for each room, what of ours it may
// import. A room that is not here may not exist.
var mayImport = map[string][]string{
	"backend":          {},
	"backend/connect":  {words},
	"backend/wire":     {words},
	"backend/oauth":    {words, words + "/wire"},
	"backend/xero":     {words, words + "/wire"},
	"backend/keychain": {words},
	"backend/sqlite":   {words},
	"backend/desktop":  {words},
	// A wrong field name must not cancel out between client and simulator.
	"backend/simxero":    {},
	"backend/simkeyring": {},
	"backend/stress":     {}, // its tests put everything together

	"main.go": {
		words, words + "/connect", words + "/desktop", words + "/keychain", words + "/oauth",
		words + "/simxero", words + "/sqlite", words + "/xero",
	},
	"app.go": {words, words + "/connect", words + "/desktop"},
}

func TestEveryRoomImportsOnlyWhatTheHouseAllows(t *testing.T) {
	seen := map[string]bool{}
	for _, file := range sources(t, "..") {
		room := filepath.ToSlash(filepath.Dir(file.path))
		if room == "." {
			room = file.path
		}
		seen[room] = true
		allowed, known := mayImport[room]
		if !known {
			t.Errorf("%s is in a room that the rule does not know", file.path)
		}
		for _, spec := range file.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			ours := path == "bookring" || strings.HasPrefix(path, "bookring/")
			if ours && !slices.Contains(allowed, path) {
				t.Errorf("%s may not import %s", file.path, path)
			}
		}
	}
	for room := range mayImport {
		if !seen[room] && filepath.Ext(room) == "" {
			t.Errorf("%s is in the rule and not in the house", room)
		}
	}
}

func TestThePortsAreFiveAndNobodyElseHasAny(t *testing.T) {
	var ports []string
	for _, file := range sources(t, "..") {
		for _, decl := range file.Decls {
			types, ok := decl.(*ast.GenDecl)
			if !ok || types.Tok != token.TYPE {
				continue
			}
			for _, spec := range types.Specs {
				named, ok := spec.(*ast.TypeSpec)
				if !ok || !named.Name.IsExported() {
					continue
				}
				if _, ok := named.Type.(*ast.InterfaceType); ok {
					ports = append(ports, filepath.ToSlash(file.path)+" "+named.Name.Name)
				}
			}
		}
	}
	slices.Sort(ports)
	const file = "backend/connect/ports.go "
	want := []string{file + "Attempt", file + "Authoriser", file + "Register", file + "Vault", file + "Xero"}
	if !slices.Equal(ports, want) {
		t.Errorf("exported interfaces: %q, want %q", ports, want)
	}
}

type source struct {
	path string // relative to the module
	*ast.File
}

// sources parses the module's own Go files but tests. Folders at the top hold no
// Go but what their tools brought, apart from backend.
func sources(t *testing.T, module string) []source {
	t.Helper()
	var all []source
	files := token.NewFileSet()
	for _, root := range []string{module, filepath.Join(module, "backend")} {
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if entry.IsDir() && root == module && path != root {
				return fs.SkipDir
			}
			if entry.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
				return nil
			}
			file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			relative, err := filepath.Rel(module, path)
			all = append(all, source{relative, file})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}
