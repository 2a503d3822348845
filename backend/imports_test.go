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

const (
	words = "bookring/backend"
	room  = words + "/connect"
)

// mayImport is the import rule of the house: the packages of this project allowed in each
// package. A package missing here may not exist.
var mayImport = map[string][]string{
	"backend":          {},
	"backend/wire":     {words},
	"backend/oauth":    {words, words + "/wire", words + "/oauth/identity", words + "/oauth/loopback"},
	"backend/xero":     {words, words + "/wire"},
	"backend/keychain": {words},
	"backend/sqlite":   {words, words + "/sqlite/database"},
	"backend/desktop":  {words, words + "/desktop/datafolder"},

	// The choice of the folder on the disk, and the names in the folder.
	"backend/desktop/datafolder": {words},
	// The user named by the tokens.
	"backend/oauth/identity": {words},
	// The listener under a sign-in.
	"backend/oauth/loopback": {words},
	// The file under the register: open, verify, recover, back up.
	"backend/sqlite/database": {words},

	"backend/connect": {
		words, room + "/details", room + "/limits", room + "/record", room + "/recovery", room + "/removal", room + "/renewal",
		room + "/retry", room + "/rounds", room + "/syncing", room + "/task", room + "/view",
	},
	"backend/connect/details":  {words, room + "/retry", room + "/task"},
	"backend/connect/limits":   {words, room + "/task"},
	"backend/connect/record":   {words, room + "/retry", room + "/task"},
	"backend/connect/recovery": {words, room + "/retry", room + "/task"},
	"backend/connect/removal":  {words, room + "/retry", room + "/task"},
	"backend/connect/renewal":  {words, room + "/retry", room + "/task"},
	"backend/connect/retry":    {words},
	"backend/connect/rounds":   {words, room + "/retry", room + "/task"},
	"backend/connect/syncing":  {words, room + "/retry", room + "/task"},
	"backend/connect/task":     {words},
	"backend/connect/view":     {words, room + "/retry"},

	// A wrong field name must not cancel out between client and simulator.
	"backend/simxero": {
		words + "/simxero/answer", words + "/simxero/api", words + "/simxero/identity",
		words + "/simxero/pages", words + "/simxero/world",
	},
	"backend/simxero/api":      {words + "/simxero/answer", words + "/simxero/identity", words + "/simxero/world"},
	"backend/simxero/pages":    {words + "/simxero/answer", words + "/simxero/identity", words + "/simxero/world"},
	"backend/simxero/identity": {words + "/simxero/answer", words + "/simxero/world"},
	"backend/simxero/answer":   {words + "/simxero/world"},
	"backend/simxero/world":    {},
	"backend/simkeyring":       {},

	// Tests only: rig plugs the program together, stress has nothing but tests.
	"backend/rig":    {words, room, room + "/rounds", words + "/oauth", words + "/simxero", words + "/xero"},
	"backend/stress": {},

	"main.go": {
		words, room, room + "/rounds", room + "/view", words + "/desktop", words + "/keychain", words + "/oauth",
		words + "/simxero", words + "/sqlite", words + "/xero",
	},
	"app.go": {words, room, room + "/view", words + "/desktop"},
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

// mostMethods is the greatest number of methods of an interface.
const mostMethods = 9

// The consumer of an interface declares the interface, with the used methods only. An
// exported interface would invite a second consumer.
func TestAnInterfaceIsSmallAndStandsUnexportedInItsConsumersPackage(t *testing.T) {
	for _, file := range sources(t, "..") {
		ast.Inspect(file.File, func(n ast.Node) bool {
			named, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			if of, ok := named.Type.(*ast.InterfaceType); ok {
				path := filepath.ToSlash(file.path)
				if named.Name.IsExported() && !strings.HasPrefix(path, "backend/rig/") {
					t.Errorf("%s: the interface %s is exported", path, named.Name.Name)
				}
				if n := of.Methods.NumFields(); n > mostMethods {
					t.Errorf("%s: the interface %s has %d methods", path, named.Name.Name, n)
				}
			}
			return true
		})
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
