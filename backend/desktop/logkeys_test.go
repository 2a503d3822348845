package desktop_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestEveryKeyThatIsLoggedMayBe reads the program: a key that is not on the list
// would be dropped without a word.
func TestEveryKeyThatIsLoggedMayBe(t *testing.T) {
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
							t.Errorf("%s: a key that is not written down", path)
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
	written, err := os.ReadFile(filepath.Join(folder, "bookring.log"))
	if err != nil {
		t.Fatal(err)
	}
	for key := range keys {
		if !strings.Contains(string(written), strconv.Quote(key)+":1") {
			t.Errorf("%s may not be logged", key)
		}
	}
}

// sources are the program's own files in a folder and, but for the topmost, below.
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

// writesLog reports a call of Log.Info and its like.
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
	return ok && on.Sel.Name == "Log"
}
