package sqlite

import (
	"embed"

	"bookring/backend/sqlite/database"
)

// schema describes the register's tables. A released migration never changes, and some SQL names differ
// from the terms of the Go code:
//
//	sign_ins.told_days          SignIn.RemindedDays
//	sign_ins.leaving_at         time of the user's request to revoke the sign-in
//	sign_ins.left_at            time of the revocation; ended_at is set too
//	connections.left_at         time of the user's disconnect request
//	connections.removed_at      time of the first check without the connection, or of Xero's confirmation; with
//	                            left_at, the disconnect is confirmed
//	organisations.forgotten_at  time of the user's request to forget; settle deletes the row later
//	organisations.name_kept     the history keeps the name of the forgotten organisation
//	reach                       the connections with the sign-ins' columns
//	reach.gone                  removed, or disconnect requested
//	reach.disconnected          disconnect requested, confirmed or not
//	reach.untold                disconnect pending: requested, not confirmed
//	listed                      the organisations with the status
//	listed.standing             the status as an index of the array statuses
//	listed.carrier_key          the folded name of the user of Organisation.FirstSignIn
//	organisations.search_key    the words of the name for search, of the rule with the number search_version
//	tally                       the numbers of organisations, of connected and of disconnected organisations
//
// Times are milliseconds since 1970 in UTC; NULL means "has not happened". The
// columns name_key and carrier_key hold text after fold.
var schema = database.Schema{ApplicationID: 0x424B5247, Version: version, Migrations: migrations}

// version is the number of the last migration.
const version = 7

//go:embed migrations/*.sql
var migrations embed.FS
