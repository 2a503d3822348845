package sqlite

import "database/sql"

// Source is how a connection is opened; its form on Windows cannot be seen
// from outside on another system.
var Source = source

// DB is the pool, to see what is in force on each of its connections.
func (r *Register) DB() *sql.DB { return r.db }

// Connections is how many of them there can be.
const Connections = connections

// Version is what this program writes.
const Version = version

// WithDriver lets another driver open files meanwhile.
func WithDriver(name string, do func()) {
	kept := driverName
	driverName = name
	defer func() { driverName = kept }()
	do()
}

// File is the register's.
func (r *Register) File() string { return r.file }
