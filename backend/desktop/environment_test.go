package desktop_test

import (
	"strings"
	"testing"

	"bookring/backend/desktop"
)

func TestTheVersionIsPrintedOnlyOnRequest(t *testing.T) {
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
		text := desktop.ReadEnvironment(c.args, nothing).VersionOrHelp("1.2.3", "abc")
		if text != c.want {
			t.Errorf("%q: %q, want %q", c.args, text, c.want)
		}
	}
}

func TestHelpIsOneScreenWithEveryFlagAndSetting(t *testing.T) {
	var settings []string
	desktop.ReadEnvironment(nil, func(name string) string { settings = append(settings, name); return "" })
	for _, flag := range []string{"-help", "-h"} {
		help := desktop.ReadEnvironment([]string{flag}, func(string) string { return "" }).VersionOrHelp("1.2.3", "abc")
		if lines := strings.Count(help, "\n"); lines > 24 {
			t.Errorf("%d lines", lines)
		}
		for _, wanted := range append(settings, "-demo", "-version", "-help") {
			if !strings.Contains(help, wanted) {
				t.Errorf("the help of %s does not mention %s", flag, wanted)
			}
		}
		for line := range strings.Lines(help) {
			if len(line) > 80 {
				t.Errorf("too long: %s", line)
			}
		}
	}
}
