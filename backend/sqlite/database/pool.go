package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
)

// driverName is the database/sql driver of every database file; failure.go imports the driver.
var driverName = "sqlite"

// connections is the size of the pool. With several connections the list stays readable while a write waits
// for another program.
const connections = 4

// openPool opens a file for reading and writing. The journal is a write-ahead log, or a rollback journal on
// a file system without shared memory and on a network disk: there, two computers do not share memory.
func openPool(ctx context.Context, path string) (*sql.DB, error) {
	if !onNetwork(filepath.Dir(path)) {
		db, mode, err := openJournal(ctx, path, "_journal_mode", "WAL")
		if err == nil && mode == "wal" {
			return db, nil
		}
		if err == nil {
			err = db.Close()
		}
		if err != nil && !noSharedMemory(err) {
			return nil, err
		}
	}
	// The file may already have a write-ahead log. An exclusive connection can read the log without shared
	// memory and remove the log.
	exclusive, _, err := openJournal(ctx, path, "_journal_mode", "DELETE", "_pragma", "locking_mode(EXCLUSIVE)")
	if err != nil {
		return nil, err
	}
	if err := exclusive.Close(); err != nil {
		return nil, err
	}
	db, _, err := openJournal(ctx, path, "_journal_mode", "DELETE")
	return db, err
}

// openJournal opens a file and returns the journal mode in force. SQLite may refuse the requested mode.
func openJournal(ctx context.Context, path string, parameters ...string) (db *sql.DB, mode string, err error) {
	if db, err = sql.Open(driverName, dataSource(path, parameters...)); err != nil {
		return nil, "", fmt.Errorf("open data source: %w", err)
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	// Only a read proves the mode: SQLite first uses shared memory for a read.
	var tables int
	err = errors.Join(
		db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables),
		db.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode),
	)
	if err != nil {
		return nil, "", errors.Join(fmt.Errorf("read journal mode: %w", err), db.Close())
	}
	return db, mode, nil
}

// dataSource returns the data source name of a file, with settings for every connection of the pool. (An
// executed PRAGMA would reach a single connection only.) parameters are further keys and values.
func dataSource(path string, parameters ...string) string {
	q := url.Values{
		"_busy_timeout": {"5000"}, // milliseconds; the driver's default is 0
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
			"secure_delete(1)",   // no forgotten client's name in free pages
			// On macOS, only fullfsync reaches the platter. Other systems ignore fullfsync.
			"fullfsync(1)",
			"checkpoint_fullfsync(1)",
		},
	}
	for i := 0; i+1 < len(parameters); i += 2 {
		q.Set(parameters[i], parameters[i+1])
	}
	// Only the URI form separates the parameters from a ? in a folder's name
	// (https://www.sqlite.org/uri.html). The URI path of C:\x is /C:/x.
	uriPath := filepath.ToSlash(path)
	if !strings.HasPrefix(uriPath, "/") {
		uriPath = "/" + uriPath
	}
	u := url.URL{Scheme: "file", Path: uriPath, RawQuery: q.Encode()}
	return u.String()
}
