package backend_test

import (
	"go/ast"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// recovering are the functions that end a panic of the function in the argument.
var recovering = []string{"Try", "try", "tryRead", "recovered"}

// recoversItself are the functions for goroutines with a deferred recover of their own.
var recoversItself = []string{"c.run", "forward"}

// A panic in a goroutine ends the program without a word.
func TestEveryGoroutineRecovers(t *testing.T) {
	found := 0
	for _, file := range sources(t, "..") {
		path := filepath.ToSlash(file.path)
		if strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "backend/sim") || strings.HasPrefix(path, "backend/rig/") {
			continue
		}
		ast.Inspect(file.File, func(n ast.Node) bool {
			begun := goroutine(n)
			if begun == nil {
				return true
			}
			found++
			if !recovers(begun) {
				t.Errorf("%s: a goroutine without recovery, or a function that the test cannot read", path)
			}
			return true
		})
	}
	if found < 10 {
		t.Errorf("only %d goroutines were found", found)
	}
}

// goroutine returns the function that a node runs in another goroutine, or nil.
func goroutine(n ast.Node) ast.Node {
	switch n := n.(type) {
	case *ast.GoStmt:
		return n.Call
	case *ast.CallExpr:
		called, ok := n.Fun.(*ast.SelectorExpr)
		if !ok || len(n.Args) == 0 {
			return nil
		}
		on := nameOf(called.X)
		switch {
		case called.Sel.Name == "AfterFunc", called.Sel.Name == "Go" && !strings.HasSuffix(on, "tasks"):
			return n.Args[len(n.Args)-1]
		}
	}
	return nil
}

// recovers reports a function that calls a recovering function.
func recovers(begun ast.Node) (does bool) {
	if call, ok := begun.(*ast.CallExpr); ok && slices.Contains(recoversItself, nameOf(call.Fun)) {
		return true
	}
	switch nameOf(begun) {
	case "cancel", "f.loopback.Wait": // without code of this program that could panic
		return true
	}
	ast.Inspect(begun, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			called := strings.Split(nameOf(call.Fun), ".")
			does = does || slices.Contains(recovering, called[len(called)-1])
		}
		return !does
	})
	return does
}

// nameOf returns the text of a name with its selectors.
func nameOf(n ast.Node) string {
	switch n := n.(type) {
	case *ast.Ident:
		return n.Name
	case *ast.SelectorExpr:
		return nameOf(n.X) + "." + n.Sel.Name
	}
	return ""
}
