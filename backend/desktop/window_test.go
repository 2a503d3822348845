package desktop_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/wailsapp/wails/v2/pkg/options"

	"bookring/backend/desktop"
)

func windowOptions(t *testing.T) *options.App {
	t.Helper()
	return desktop.Options(desktop.Window{
		Page: fstest.MapFS{}, App: struct{}{}, Environment: desktop.Environment{DataDir: t.TempDir()},
	})
}

// Version 2.13.0 of Wails mended a hole in the comparison of origins (CVE-2026-34157): any
// allowed origin can call every method of App.
func TestOnlyTheProgramsOwnPageCanCallTheProgram(t *testing.T) {
	if origins := windowOptions(t).BindingsAllowedOrigins; origins != "" {
		t.Errorf("calls are allowed from %s", origins)
	}
}

func TestAFileDroppedOnTheWindowReachesNeitherPageNorProgram(t *testing.T) {
	drop := windowOptions(t).DragAndDrop
	if drop == nil || drop.EnableFileDrop || !drop.DisableWebViewDrop {
		t.Errorf("drag and drop: %+v", drop)
	}
}

func TestTheWindowHasNoDevelopersToolsAndNoMenuOfTheBrowserEngine(t *testing.T) {
	o := windowOptions(t)
	if o.EnableDefaultContextMenu || o.Debug.OpenInspectorOnStartup || o.DisablePanicRecovery || o.EnableFraudulentWebsiteDetection {
		t.Errorf("menu %v, inspector %v, panics end the program %v, addresses leave the computer %v", o.EnableDefaultContextMenu,
			o.Debug.OpenInspectorOnStartup, o.DisablePanicRecovery, o.EnableFraudulentWebsiteDetection)
	}
}

// DLLs are loaded from System32 only, and the web view's profile is in the data folder:
// 0x800 is LOAD_LIBRARY_SEARCH_SYSTEM32 of Windows.
func TestOnWindowsNoLibraryComesFromTheDownloadsFolder(t *testing.T) {
	w := windowOptions(t).Windows
	if w.DLLSearchPaths != 0x800 || w.WebviewUserDataPath == "" || w.WebviewBrowserPath != "" {
		t.Errorf("libraries %#x, profile %q, browser %q", w.DLLSearchPaths, w.WebviewUserDataPath, w.WebviewBrowserPath)
	}
}

func TestEachDataSetHasItsOwnWindow(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range []desktop.Environment{
		{}, {Demo: true}, {Discovery: "http://localhost:1/.well-known/openid-configuration", API: "http://localhost:1"}, {DataDir: t.TempDir()},
	} {
		id := desktop.Options(desktop.Window{Environment: e}).SingleInstanceLock.UniqueId
		if id == "" || seen[id] {
			t.Errorf("%+v has the lock %q of another data set", e, id)
		}
		seen[id] = true
	}
}

// Wails logs the arguments of a failed call.
func TestWailsLogsNothing(t *testing.T) {
	log := windowOptions(t).Logger
	if log == nil {
		t.Fatal("Wails has a log of its own")
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	out, errors := os.Stdout, os.Stderr
	os.Stdout, os.Stderr = write, write
	for _, print := range []func(string){log.Print, log.Trace, log.Debug, log.Info, log.Warning, log.Error, log.Fatal} {
		print("canary")
	}
	os.Stdout, os.Stderr = out, errors
	_ = write.Close()
	if text, err := io.ReadAll(read); err != nil || len(text) > 0 {
		t.Errorf("logged %q, %v", text, err)
	}
}

func TestEveryAnswerToThePageHasThePolicy(t *testing.T) {
	answers := windowOptions(t).AssetServer.Middleware(http.NotFoundHandler())
	for _, path := range []string{"/", "/index.html", "/wails/ipc.js", "/missing"} {
		answer := httptest.NewRecorder()
		answers.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "wails://wails"+path, nil))
		if got := answer.Header().Get("Content-Security-Policy"); got != desktop.Policy {
			t.Errorf("%s: %q", path, got)
		}
	}
	for directive, want := range map[string]string{
		"default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "connect-src": "'self'", "frame-src": "'none'",
		"object-src": "'none'", "base-uri": "'none'", "form-action": "'none'", "img-src": "'self' data:", "font-src": "'self'",
	} {
		if !strings.Contains(desktop.Policy+";", directive+" "+want+";") {
			t.Errorf("no %s %s in the policy", directive, want)
		}
	}
}

// Older versions of WebKitGTK drop the headers of wails:// addresses.
func TestThePageItselfHoldsThePolicyAndTrustedTypes(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "frontend", "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	held := regexp.MustCompile(`http-equiv="Content-Security-Policy"\s+content="([^"]*)"`).FindSubmatch(page)
	if held == nil {
		t.Fatal("no policy")
	}
	want := desktop.Policy + "; require-trusted-types-for 'script'; trusted-types svelte-trusted-html"
	if string(held[1]) != want {
		t.Errorf("%s, want %s", held[1], want)
	}
}
