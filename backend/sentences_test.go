package backend_test

import (
	"encoding/json"
	"go/ast"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"bookring/backend"
)

// blanks counts the blanks of every text of sentences.json, by "Group.Key".
func blanks(t *testing.T) map[string]int {
	t.Helper()
	found := map[string]int{}
	groups := reflect.ValueOf(backend.Say)
	for i := range groups.NumField() {
		for j := range groups.Field(i).NumField() {
			key := groups.Type().Field(i).Name + "." + groups.Field(i).Type().Field(j).Name
			text, allowed := "", 0
			switch value := groups.Field(i).Field(j).Interface().(type) {
			case string:
				text = value
			case backend.Sentence:
				text, allowed = string(value), len(value.Pieces())-1
				if allowed == 0 {
					t.Errorf("%s is a Sentence without a blank", key)
				}
			case backend.Counted[string]:
				text = value.One + value.Of(7)
			case backend.Counted[backend.Sentence]:
				text, allowed = string(value.One), len(value.One.Pieces())-1
				if many := value.Of(7); len(many.Pieces())-1 != allowed || strings.Contains(string(many), "{count}") {
					t.Errorf("%s: %q and %q have different blanks", key, value.One, value.Many)
				}
			case backend.Notice:
				text = value.Title
				if strings.Contains(value.Sentence, "{") {
					t.Errorf("%s has a blank that no code fills: %q", key, value.Sentence)
				}
			default:
				t.Fatalf("%s is a %T", key, value)
			}
			if text == "" {
				t.Errorf("sentences.json holds no text for %s", key)
			}
			if strings.Count(text, "{") != allowed || strings.ContainsAny(text, `'"`) {
				t.Errorf("%s has a blank that no code fills, or a straight quote: %q", key, text)
			}
			found[key] = allowed
		}
	}
	return found
}

func TestEveryKeyOfTheSentencesExistsInGo(t *testing.T) {
	raw, err := os.ReadFile("sentences.json")
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(strings.NewReader(string(raw)))
	decoder.DisallowUnknownFields()
	read := reflect.New(reflect.TypeOf(backend.Say))
	if err := decoder.Decode(read.Interface()); err != nil {
		t.Fatal(err)
	}
	if keys := blanks(t); len(keys) < 60 {
		t.Errorf("only %d texts were found", len(keys))
	}
}

func TestEverySentenceIsUsedWithAsManyValuesAsBlanks(t *testing.T) {
	keys := blanks(t)
	used := map[string]bool{}
	for _, file := range sources(t, "..") {
		ast.Inspect(file.File, func(n ast.Node) bool {
			if e, ok := n.(ast.Expr); ok {
				used[sentenceKey(e)] = true
			}
			call, ok := n.(*ast.CallExpr)
			if !ok || name(call.Fun) != "With" {
				return true
			}
			of := receiver(call.Fun)
			if counted, ok := of.(*ast.CallExpr); ok && name(counted.Fun) == "Of" {
				of = receiver(counted.Fun)
			}
			if key := sentenceKey(of); key != "" && len(call.Args) != keys[key] {
				t.Errorf("%s fills %s with %d values, not %d", filepath.ToSlash(file.path), key, len(call.Args), keys[key])
			}
			return true
		})
	}
	for key := range keys {
		if !used[key] {
			t.Errorf("no code says %s", key)
		}
	}
}

// sentenceKey returns "Group.Key" of the expression backend.Say.Group.Key, or of
// Say.Group.Key in package backend, and "" of any other.
func sentenceKey(e ast.Expr) string {
	group := receiver(e)
	say := receiver(group)
	if name(say) != "Say" || receiver(say) != nil && name(receiver(say)) != "backend" {
		return ""
	}
	return name(group) + "." + name(e)
}

// receiver returns x of the expression x.name, and nil of any other.
func receiver(e ast.Expr) ast.Expr {
	if selector, ok := e.(*ast.SelectorExpr); ok {
		return selector.X
	}
	return nil
}

func TestASentenceHasItsValuesInTheOrderOfItsBlanks(t *testing.T) {
	if got := backend.Sentence("{person}, not {asked}!").With("{asked}", "Sam"); got != "{asked}, not Sam!" {
		t.Errorf("a sentence with two blanks became %q", got)
	}
	ends := backend.Counted[backend.Sentence]{One: "{name} ends in a day", Many: "{name} ends in {count} days"}
	for n, want := range map[int]string{0: "Jo ends in 0 days", 1: "Jo ends in a day", 14: "Jo ends in 14 days"} {
		if got := ends.Of(n).With("Jo"); got != want {
			t.Errorf("%d became %q, want %q", n, got, want)
		}
	}
}
