package sqlite

import (
	"net/url"
	"path/filepath"
	"strings"
)

// source names the file and the settings that every connection to it starts
// with; a PRAGMA that is executed later would reach one connection only. more
// are further keys and values.
func source(file string, more ...string) string {
	q := url.Values{
		"_busy_timeout": {"5000"}, // milliseconds; the driver's default is none
		"_txlock":       {"immediate"},
		"_foreign_keys": {"on"},
		"_synchronous":  {"FULL"},
		"_defensive":    {"1"},
		"_dqs":          {"0"}, // a misspelt "column" is an error, not a text
		"_error_rc":     {"1"},
		"_pragma": {
			"trusted_schema(0)",
			"cell_size_check(1)",
			"temp_store(MEMORY)", // no client's name in a temporary file
			// On macOS only this reaches the platter; elsewhere it is ignored.
			"fullfsync(1)",
			"checkpoint_fullfsync(1)",
		},
	}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	// Only the URI form keeps the query apart from a ? in a folder's name:
	// https://www.sqlite.org/uri.html. C:\x is /C:/x there.
	path := filepath.ToSlash(file)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	u := url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}
	return u.String()
}
