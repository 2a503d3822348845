package desktop_test

import (
	"runtime/debug"
	"strings"
	"testing"

	"bookring/backend/desktop"
)

func TestWordsAreSaidOnlyToWhoAsksForThem(t *testing.T) {
	nothing := func(string) string { return "" }
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, ""},
		{[]string{"-demo"}, ""},
		{[]string{"-psn_0_12345"}, ""},
		{[]string{"--something", "else"}, ""},
		{[]string{"-version"}, "Bookring 1.2.3 (commit abc)\n"},
		{[]string{"--version"}, "Bookring 1.2.3 (commit abc)\n"},
		{[]string{"-demo", "-version"}, "Bookring 1.2.3 (commit abc)\n"},
	} {
		said := desktop.ReadEnvironment(c.args, nothing).Words("1.2.3", "abc")
		if said != c.want {
			t.Errorf("%q: %q, want %q", c.args, said, c.want)
		}
	}
}

func TestHelpIsOneScreenWithEveryFlagAndSetting(t *testing.T) {
	var settings []string
	desktop.ReadEnvironment(nil, func(name string) string { settings = append(settings, name); return "" })
	for _, flag := range []string{"-help", "-h"} {
		help := desktop.ReadEnvironment([]string{flag}, func(string) string { return "" }).Words("1.2.3", "abc")
		if lines := strings.Count(help, "\n"); lines > 24 {
			t.Errorf("%d lines", lines)
		}
		for _, wanted := range append(settings, "-demo", "-version", "-help") {
			if !strings.Contains(help, wanted) {
				t.Errorf("%s does not say %s", flag, wanted)
			}
		}
		for line := range strings.Lines(help) {
			if len(line) > 80 {
				t.Errorf("too long: %s", line)
			}
		}
	}
}

func TestTheCommitIsWhatTheLinkerOrGoSays(t *testing.T) {
	revision := debug.BuildSetting{Key: "vcs.revision", Value: "0123456789abcdef0123456789abcdef01234567"}
	changed := debug.BuildSetting{Key: "vcs.modified", Value: "true"}
	for want, settings := range map[string][]debug.BuildSetting{
		"0123456789ab": {revision}, "0123456789ab+changes": {revision, changed}, "unknown": nil,
	} {
		if commit := desktop.Noted(&debug.BuildInfo{Settings: settings}); commit != want {
			t.Errorf("%s, want %s", commit, want)
		}
	}
	if commit := desktop.Noted(nil); commit != "unknown" {
		t.Error(commit)
	}
	if commit := desktop.Commit("told"); commit != "told" {
		t.Error(commit)
	}
}
