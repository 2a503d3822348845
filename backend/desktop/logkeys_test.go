package desktop_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"log/slog"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// The test reads the program's source, because the log drops an unknown key
// without an error.
func TestEveryLoggedKeyIsKnown(t *testing.T) {
	keys := map[string]bool{}
	for _, root := range []string{"..", "../.."} {
		for _, path := range sources(t, root) {
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok && writesLog(call) {
					for i := 1; i < len(call.Args); i += 2 {
						key, ok := call.Args[i].(*ast.BasicLit)
						if !ok {
							t.Errorf("%s: a key is not a literal", path)
							continue
						}
						name, _ := strconv.Unquote(key.Value)
						keys[name] = true
					}
				}
				return true
			})
		}
	}
	if len(keys) < 10 {
		t.Fatalf("only %d keys were found", len(keys))
	}
	folder := t.TempDir()
	log := openLog(t, folder)
	for key := range keys {
		log.Info("x", slog.Int(key, 1))
	}
	written := read(t, folder)
	for key := range keys {
		if !strings.Contains(written, strconv.Quote(key)+":1") {
			t.Errorf("%s is not a known key", key)
		}
	}
}

// sources returns the Go files in root without tests and, except for the topmost
// root, in the folders below.
func sources(t *testing.T, root string) (paths []string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && root == "../.." && path != root:
			return fs.SkipDir
		case strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go"):
			paths = append(paths, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// writesLog reports whether a call is Debug, Info, Warn or Error of a field Log or log.
func writesLog(call *ast.CallExpr) bool {
	method, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	switch method.Sel.Name {
	case "Debug", "Info", "Warn", "Error":
	default:
		return false
	}
	on, ok := method.X.(*ast.SelectorExpr)
	return ok && strings.EqualFold(on.Sel.Name, "log")
}
