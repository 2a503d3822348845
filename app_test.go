package main

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"bookring/backend"
)

// calls are the methods that the window can call, with the kinds of their arguments. No
// method takes an address, a path or SQL: an ID selects, and a Query is a search text with
// a sort and a filter.
var calls = []string{
	"Cancel()", "CancelRemoval()", "CameForward()", "CheckNow()", "CloseAnyway()", "Connect()", "ConnectAgain(string)",
	"CopyLink()", "CopyRedirectAddresses()", "Disconnect([]string, bool, bool)", "DisconnectSignIn(string)", "DismissRecovery()",
	"KeepOpen()", "KeepRest()", "LeaveDemo()", "MailSupport(string)", "MoreTime()", "OpenAgain()", "OpenPage(string)",
	"OrganisationIDs(backend.Query)", "Organisations(backend.Query)", "Overview()", "PasteAddress()",
	"PlanDisconnect([]string, bool)", "PlanDisconnectSignIn(string)", "PlanRemoval()", "Quit()", "Remove(string, bool, bool)",
	"RenewNow(string)", "SaveCalendar()", "SaveCheckEvery(string)", "SaveClientID(string)", "SignInAgain(string)", "SignIns()",
	"StopCheck()", "TryDemo()", "UseThisSessionOnly()",
}

func TestTheWindowCanCallTheseMethodsOnly(t *testing.T) {
	var got []string
	for method := range reflect.TypeFor[*App]().Methods() {
		var arguments []string
		for i := 1; i < method.Type.NumIn(); i++ { // 0 is the receiver
			arguments = append(arguments, method.Type.In(i).String())
		}
		got = append(got, method.Name+"("+strings.Join(arguments, ", ")+")")
	}
	slices.Sort(got)
	slices.Sort(calls)
	if !slices.Equal(got, calls) {
		t.Errorf("the window can call\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(calls, "\n"))
	}
}

// Wails ends the program if a result cannot be encoded (os.Exit(1)).
func TestEveryResultForTheWindowCanBeEncoded(t *testing.T) {
	seen := map[reflect.Type]bool{}
	var check func(path string, kind reflect.Type)
	check = func(path string, kind reflect.Type) {
		if seen[kind] || kind == reflect.TypeFor[error]() { // FormatError makes a text of errors
			return
		}
		seen[kind] = true
		switch kind.Kind() {
		case reflect.Bool, reflect.Int, reflect.String:
		case reflect.Slice, reflect.Pointer:
			check(path, kind.Elem())
		case reflect.Struct:
			for field := range kind.Fields() {
				check(path+"."+field.Name, field.Type)
			}
		default:
			t.Errorf("%s is a %s", path, kind)
		}
	}
	for method := range reflect.TypeFor[*App]().Methods() {
		for i := range method.Type.NumOut() {
			check(method.Name, method.Type.Out(i))
		}
	}
	if seen[reflect.TypeFor[backend.Secret]()] {
		t.Error("a result holds a secret")
	}
}

func TestTheBindingsOfTheWindowNameNoSecret(t *testing.T) {
	secret := regexp.MustCompile(`(?i)token|secret|refresh|verifier|nonce|idtoken`)
	for _, file := range []string{"App.d.ts", "../models.ts"} {
		text, err := os.ReadFile(filepath.Join("frontend", "wailsjs", "go", "main", file))
		if err != nil {
			t.Fatal(err)
		}
		if found := secret.FindString(string(text)); found != "" {
			t.Errorf("%s names %s", file, found)
		}
	}
}

// CVE-2026-34157 is mended in 2.13.0. The module's list of versions ends at 2.9.2, so a
// careless update goes back.
func TestWailsIsNotOlderThanTheMendedVersion(t *testing.T) {
	mod, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`github\.com/wailsapp/wails/v2 v2\.(\d+)\.`).FindSubmatch(mod)
	if found == nil {
		t.Fatal("no version of Wails")
	}
	if minor, err := strconv.Atoi(string(found[1])); err != nil || minor < 16 {
		t.Errorf("Wails is 2.%d, %v", minor, err)
	}
}

func TestTheReleaseIsBuiltWithoutDevelopersTools(t *testing.T) {
	script, err := os.ReadFile(filepath.Join("build", "build.sh"))
	if err != nil {
		t.Fatal(err)
	}
	tags := regexp.MustCompile(`-tags (\S+)`).FindSubmatch(script)
	if tags == nil || string(tags[1]) != "desktop,production,webkit2_41" {
		t.Errorf("the tags are %s", tags)
	}
	if !strings.Contains(string(script), "-trimpath -buildvcs=false") {
		t.Error("a path of the building computer can be in the program")
	}
}
