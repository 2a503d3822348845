package sqlite

import (
	"database/sql"
	"path/filepath"
)

// DB returns the connection pool, for settings of the test's own and for PRAGMA results.
func (r *Register) DB() *sql.DB { return r.db }

// Version is the register's version.
const Version = version

// File returns the path of the register's file.
func (r *Register) File() string { return filepath.Join(r.files.Folder, FileName) }
