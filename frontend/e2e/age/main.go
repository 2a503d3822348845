//go:build e2e

// Age moves the renewals in a register into the past. No program may use the
// register meanwhile:
//
//	age FOLDER DAYS
//
// FOLDER holds a single bookring.db at any depth.
package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"time"

	_ "modernc.org/sqlite"
)

func main() {
	if len(os.Args) != 3 {
		log.Fatal("age FOLDER DAYS")
	}
	if err := age(os.Args[1], os.Args[2]); err != nil {
		log.Fatal(err)
	}
}

func age(folder, days string) error {
	n, err := strconv.Atoi(days)
	if err != nil {
		return fmt.Errorf("read days: %w", err)
	}
	file, err := find(folder)
	if err != nil {
		return err
	}
	db, err := sql.Open("sqlite", file)
	if err != nil {
		return fmt.Errorf("open register: %w", err)
	}
	passed := time.Duration(n) * 24 * time.Hour
	_, err = db.ExecContext(context.Background(), "UPDATE sign_ins SET renewed_at = renewed_at - ?", passed.Milliseconds())
	return errors.Join(err, db.Close())
}

// find returns the only register below a folder.
func find(folder string) (file string, err error) {
	//nolint:gosec // the folder is a test's
	err = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Name() == "bookring.db" {
			file = path
		}
		return err
	})
	if err == nil && file == "" {
		err = fs.ErrNotExist
	}
	return file, err
}
