package desktop_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"bookring/backend/desktop"
)

func TestTheLogOfAnEarlierDayIsRenamed(t *testing.T) {
	folder := t.TempDir()
	plant(t, folder, "bookring.log", 10, 24*time.Hour)
	openLog(t, folder).Info("today")
	if all := logs(t, folder); len(all) != 2 || strings.Count(read(t, folder), "\n") != 1 {
		t.Errorf("%d files, the last holds %s", len(all), read(t, folder))
	}
}

func TestANewDayBeginsANewFileWithoutARestart(t *testing.T) {
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		log, file, err := desktop.OpenLog(folder)
		if err != nil {
			t.Fatal(err)
		}
		log.Info("monday")
		log.Info("monday")
		time.Sleep(24 * time.Hour) // the clock of synctest
		log.Info("tuesday")
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
	})
	if all := logs(t, folder); len(all) != 2 || !strings.Contains(read(t, folder), "tuesday") || strings.Contains(read(t, folder), "monday") {
		t.Errorf("%d files, the last holds %s", len(all), read(t, folder))
	}
}

func TestTheTotalSizeOfTheLogsIsLimited(t *testing.T) {
	folder := t.TempDir()
	for i := range 9 {
		plant(t, folder, fmt.Sprintf("bookring-2026112%dT000000.000000.log", i), 1<<20, time.Hour)
	}
	plant(t, folder, "bookring.log", 1<<20-2000, 0)
	log := openLog(t, folder)
	for i := range 10 {
		log.Info(strings.Repeat("word ", 190), "total", i)
	}
	var sum int64
	for _, info := range logs(t, folder) {
		private(t, filepath.Join(folder, info.Name()), 0o600)
		sum += info.Size()
	}
	if sum > 5<<20 || sum < 3<<20 {
		t.Errorf("%d bytes of logs", sum)
	}
	if n := strings.Count(read(t, folder), "\n"); n < 7 || n > 9 {
		t.Errorf("%d lines in the new file", n)
	}
	if _, err := os.Stat(filepath.Join(folder, "bookring-20261120T000000.000000.log")); err == nil {
		t.Error("the oldest file was retained")
	}
}

func TestOldLogsAreDeletedAndOtherFilesAreNot(t *testing.T) {
	folder := t.TempDir()
	plant(t, folder, "bookring-20260101T000000.000000.log", 10, 8*24*time.Hour)
	plant(t, folder, "bookring-20260102T000000.000000.log", 10, 6*24*time.Hour)
	plant(t, folder, "bookring.db", 10, 100*24*time.Hour)
	plant(t, folder, "notes.log", 10, 100*24*time.Hour)
	openLog(t, folder)
	var names []string
	for _, info := range logs(t, folder) {
		names = append(names, info.Name())
	}
	if got := strings.Join(names, " "); got != "bookring-20260102T000000.000000.log bookring.log notes.log" {
		t.Errorf("left are %s", got)
	}
	if _, err := os.Stat(filepath.Join(folder, "bookring.db")); err != nil {
		t.Error(err)
	}
}

func plant(t *testing.T, folder, name string, size int, age time.Duration) {
	t.Helper()
	path := filepath.Join(folder, name)
	if err := os.WriteFile(path, make([]byte, size), 0o600); err != nil {
		t.Fatal(err)
	}
	at := time.Now().Add(-age)
	if err := os.Chtimes(path, at, at); err != nil {
		t.Fatal(err)
	}
}

func logs(t *testing.T, folder string) []fs.FileInfo {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, "*.log"))
	if err != nil {
		t.Fatal(err)
	}
	var all []fs.FileInfo
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, info)
	}
	return all
}

// The clock was wrong for a day: the logs of the day must not take the room of the others.
func TestLogsDatedInTheFutureAreDeletedFirst(t *testing.T) {
	folder := t.TempDir()
	name := func(in time.Duration) string {
		return time.Now().UTC().Add(in).Format("bookring-20060102T150405.000000.log")
	}
	for i := range 5 {
		plant(t, folder, name(time.Duration(i+1)*400*24*time.Hour), 1<<20, -400*24*time.Hour)
	}
	for i := range 3 {
		plant(t, folder, name(-time.Duration(i+1)*time.Hour), 1<<20, time.Hour)
	}
	openLog(t, folder)
	kept := map[string]bool{}
	for _, info := range logs(t, folder) {
		kept[info.Name()] = true
	}
	past := 0
	for path := range kept {
		if path < name(time.Minute) {
			past++
		}
	}
	if past != 3 || len(kept) != 5 {
		t.Errorf("%d logs of the past of %d files", past, len(kept))
	}
}
