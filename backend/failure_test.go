package backend_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"bookring/backend"
)

// actions are the actions of failures. The window has a button for each action.
var actions = []string{"connect", "settings", "session-only", "copy-link", "paste", "quit", "none"}

// constants returns the codes that failure.go declares, by name.
func constants(t *testing.T) map[string]backend.Code {
	t.Helper()
	found := map[string]backend.Code{}
	for _, file := range sources(t, "..") {
		ast.Inspect(file.File, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 {
				return true
			}
			if of, ok := spec.Type.(*ast.Ident); !ok || of.Name != "Code" {
				return true
			}
			found[spec.Names[0].Name] = backend.Code(literal(t, spec.Values[0]))
			return true
		})
	}
	return found
}

// literal returns the value of a string literal.
func literal(t *testing.T, e ast.Expr) string {
	t.Helper()
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		t.Fatalf("%T is not a string literal", e)
	}
	value, err := strconv.Unquote(lit.Value)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func TestEveryCodeHasWordsAndAllWordsHaveACode(t *testing.T) {
	declared := slices.Sorted(maps.Values(constants(t)))
	if len(declared) < 40 {
		t.Fatalf("only %d codes were found in failure.go", len(declared))
	}
	spoken := slices.Sorted(slices.Values(backend.Codes()))
	if !slices.Equal(declared, spoken) {
		t.Errorf("failure.go declares %q\nfailures.json has words for %q", declared, spoken)
	}
}

func TestEveryFailureHasTextsAndAKnownAction(t *testing.T) {
	raw, err := os.ReadFile("failures.json")
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(strings.NewReader(string(raw)))
	decoder.DisallowUnknownFields()
	var all map[backend.Code]backend.Words
	if err := decoder.Decode(&all); err != nil {
		t.Fatal(err)
	}
	titles := map[string]backend.Code{}
	for code, w := range all {
		if w.Title == "" || w.Sentence == "" || !slices.Contains(actions, w.Action) {
			t.Errorf("%s: title %q, sentence %q, action %q", code, w.Title, w.Sentence, w.Action)
		}
		if other, twice := titles[w.Title]; twice {
			t.Errorf("%s and %s have one title", code, other)
		}
		titles[w.Title] = code
		if !strings.HasSuffix(w.Sentence, ".") || w.Title != backend.PlainText(w.Title) || strings.Contains(w.Title, "{") {
			t.Errorf("%s: %q, %q", code, w.Title, w.Sentence)
		}
		if rest := strings.ReplaceAll(w.Sentence, "{detail}", ""); strings.ContainsAny(rest, "{}'\"") {
			t.Errorf("%s holds a brace or a straight quote: %q", code, w.Sentence)
		}
	}
}

func TestASentenceWithABlankAlwaysGetsADetail(t *testing.T) {
	codes := constants(t)
	checked := 0
	for _, file := range sources(t, "..") {
		ast.Inspect(file.File, func(n ast.Node) bool {
			code, detail, ok := failCall(n)
			if !ok {
				return true
			}
			value, known := codes[code]
			if !known {
				return true // the code is a variable
			}
			checked++
			given := detail != `""`
			if needs := strings.Contains(backend.Fail(value, "\x00", nil).Words().Sentence, "\x00"); needs && !given {
				t.Errorf("%s: %s is made without the detail that its words leave open", filepath.ToSlash(file.path), code)
			}
			return true
		})
	}
	if checked < 40 {
		t.Errorf("only %d calls were found", checked)
	}
}

// failCall returns the code's name and the detail's source of a call of Fail.
func failCall(n ast.Node) (code, detail string, ok bool) {
	call, ok := n.(*ast.CallExpr)
	if !ok || len(call.Args) != 3 || name(call.Fun) != "Fail" {
		return "", "", false
	}
	if lit, isLiteral := call.Args[1].(*ast.BasicLit); isLiteral {
		detail = lit.Value
	}
	return name(call.Args[0]), detail, true
}

// name is the last name of x, pkg.x or v.x.
func name(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

func TestWordsReplaceOnlyTheDetail(t *testing.T) {
	w := backend.Fail(backend.PortsTaken, "10742, {detail}", nil).Words()
	if !strings.Contains(w.Sentence, "10742, {detail}.") || strings.Count(w.Sentence, "10742") != 1 {
		t.Errorf("the ports are not named as they are: %q", w.Sentence)
	}
}

func TestACodeWithoutWordsHasTheWordsOfUnexpected(t *testing.T) {
	w := backend.Fail("made-up", "", nil).Words()
	if want := backend.Fail(backend.Unexpected, "", nil).Words(); w != want {
		t.Errorf("%+v, want %+v", w, want)
	}
}

func TestAsFailureFindsAFailureInTheChainAndWrapsOtherErrors(t *testing.T) {
	full := errors.New("disk is full")
	f := backend.Fail(backend.DatabaseFull, "/data", fmt.Errorf("save: %w", full))
	wrapped := fmt.Errorf("reconcile: %w", f)
	if got := backend.AsFailure(wrapped); got != f || !errors.Is(wrapped, full) {
		t.Errorf("%v, want %v", got, f)
	}
	if got := f.Error(); got != "database-full (/data): save: disk is full" {
		t.Error(got)
	}
	if got := backend.AsFailure(full); got.Code != backend.Unexpected || !errors.Is(got, full) {
		t.Errorf("%v, want unexpected", got)
	}
	if got := backend.AsFailure(nil); got != nil {
		t.Errorf("no error became %v", got)
	}
}

func TestTheCodeOfAFailureCountsBeforeACancelledContext(t *testing.T) {
	for _, c := range []struct {
		err  error
		want backend.Code
	}{
		{nil, ""},
		{fmt.Errorf("save: %w", backend.Fail(backend.DatabaseFull, "/data", nil)), backend.DatabaseFull},
		{errors.New("disk is full"), backend.Unexpected},
		{fmt.Errorf("read: %w", context.Canceled), backend.Cancelled},
		{backend.Fail(backend.Offline, "", context.Canceled), backend.Offline},
		{context.DeadlineExceeded, backend.Unexpected},
	} {
		if got := backend.CodeOf(c.err); got != c.want {
			t.Errorf("the code of %v is %q, want %q", c.err, got, c.want)
		}
	}
}
