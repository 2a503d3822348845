package desktop_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"bookring/backend"
	"bookring/backend/desktop"
)

func TestNoSecretReachesTheLog(t *testing.T) {
	for name, canary := range canaries {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			log := openLog(t, folder)
			log.Info(canary)
			log.Info("message "+canary, "error", errors.New(canary))
			log.With("error", canary).Warn("x", "step", "a "+canary+" b")
			log.WithGroup("g").Info("x", "step", canary, slog.Group("h", "step", canary, "unknown", canary))
			log.Error("x", "error", backend.Fail(backend.Offline, canary, errors.New(canary)), "unknown", canary)
			log.Info("x", "code", struct{ Text string }{canary}, "error", []string{canary}, "status", map[string]string{"k": canary})
			log.Info("x", "error", backend.NewSecret(canary), "step", strings.Repeat("y ", 490)+canary)
			written := read(t, folder)
			if strings.Contains(written, secretOf(canary)) || strings.Count(written, "\n") != 7 {
				t.Errorf("the log holds %s", written)
			}
		})
	}
}

func TestKnownAttributesAreLoggedUnchanged(t *testing.T) {
	folder := t.TempDir()
	var missing *backend.Failure
	openLog(t, folder).Warn("sign-in ended", "code", backend.Offline, "added", 3, "took", 1500*time.Millisecond,
		"error", errors.New("dial tcp 127.0.0.1:443: connection refused"), "name", "Client Ltd", "status", missing)
	var line map[string]any
	if err := json.Unmarshal([]byte(read(t, folder)), &line); err != nil {
		t.Fatal(err)
	}
	if at, ok := line["time"].(string); !ok || !strings.HasSuffix(at, "Z") {
		t.Errorf("time %v is not UTC", line["time"])
	}
	delete(line, "time")
	got := fmt.Sprint(line)
	want := fmt.Sprint(map[string]any{
		"level": "WARN", "msg": "sign-in ended", "code": "offline", "added": 3, "took": "1.5s",
		"error": "dial tcp 127.0.0.1:443: connection refused", "dropped": "an unknown key", "status": "<nil>",
	})
	if got != want {
		t.Errorf("logged %s, want %s", got, want)
	}
}

func TestALongValueIsCut(t *testing.T) {
	folder := t.TempDir()
	openLog(t, folder).Info(strings.Repeat("é ", 5_000))
	if n := len(read(t, folder)); n > 1200 {
		t.Errorf("a line of %d bytes", n)
	}
}

func TestOnlyTheUserCanReadTheLog(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "bookring.log")
	if err := os.WriteFile(path, []byte("earlier\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	openLog(t, folder).Info("later")
	private(t, path, 0o600)
	if written := read(t, folder); !strings.HasPrefix(written, "earlier\n{") {
		t.Errorf("the log holds %s", written)
	}
}

func TestWithoutAFolderOpenLogFails(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "missing")
	_, _, err := desktop.OpenLog(folder)
	if f := backend.AsFailure(err); f == nil || f.Code != backend.DataFolderFailed || f.Detail != folder {
		t.Errorf("%v", f)
	}
}

func openLog(t *testing.T, folder string) *slog.Logger {
	t.Helper()
	log, file, err := desktop.OpenLog(folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	return log
}

func read(t *testing.T, folder string) string {
	t.Helper()
	return content(t, filepath.Join(folder, "bookring.log"))
}

// A terminal obeys control sequences, and an editor the marks for the direction of writing.
func TestNoTextCanAddALineOrAControlSequenceToTheLog(t *testing.T) {
	for _, hostile := range []string{
		"a\r\n{\"msg\":\"forged\"}\n", "\x1b[31mred\x1b[2J", "\u009b31mred\u009d0;title\u009c", "\x9b31m", "\u202egnp.exe\u2066\u200f", "a\u2028b\u2029c\u0085d",
		"\x00\x07\x7f", "]]>$(id)", "%s%n%!d(MISSING)", "<b>&amp;",
	} {
		folder := t.TempDir()
		openLog(t, folder).Info("x", "error", errors.New(hostile), "step", hostile, "code", backend.Code(hostile), hostile, hostile)
		written := read(t, folder)
		if strings.Count(written, "\n") != 1 || !strings.HasSuffix(written, "\n") {
			t.Errorf("%q: %d lines", hostile, strings.Count(written, "\n"))
		}
		for _, r := range strings.TrimSuffix(written, "\n") {
			if r != ' ' && !unicode.IsPrint(r) && r != utf8.RuneError {
				t.Errorf("%q: the log holds %q", hostile, r)
			}
		}
		var line map[string]any
		if err := json.Unmarshal([]byte(written), &line); err != nil || line["msg"] != "x" {
			t.Errorf("%q: %v, %v", hostile, line, err)
		}
	}
}
