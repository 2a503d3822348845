package desktop

import (
	"path/filepath"
	"slices"

	"bookring/backend"
	"bookring/backend/desktop/datafolder"
)

// CountFiles counts the files covered by [DataFolder.DeleteFiles].
func (d *DataFolder) CountFiles() backend.FileCounts {
	return backend.FileCounts{
		Backups: len(backupsIn(d.Path)),
		Damaged: len(damagedIn(d.Path)),
		Logs:    len(datafolder.Files(d.Path, datafolder.Log)),
		Others:  len(d.otherDataSets()),
		Shared:  d.isLast(),
	}
}

// backupsIn returns the register's backups in a data set.
func backupsIn(dataSet string) []string {
	return datafolder.Files(filepath.Join(dataSet, datafolder.BackupsFolder), datafolder.Backup)
}

// damagedIn returns the folders of damaged registers in a data set.
func damagedIn(dataSet string) []string {
	return datafolder.Folders(filepath.Join(dataSet, datafolder.DamagedFolder), datafolder.Damaged)
}

// otherDataSets returns the data sets deleted together with d: with the real
// data, the data of the demo and of every test server; otherwise none.
func (d *DataFolder) otherDataSets() []dataSet {
	if !d.real {
		return nil
	}
	return d.dataSetsIn(d.base)
}

// dataSet is a folder of the demo or of a test server.
type dataSet struct {
	path string
	// unread reports a folder that perhaps is not Bookring's: a read failed.
	unread bool
}

// dataSetsIn returns the data sets of the demo and of test servers in a base folder,
// except d.
func (d *DataFolder) dataSetsIn(base string) (all []dataSet) {
	for _, path := range datafolder.Folders(base, datafolder.DataSet) {
		found, ok, err := datafolder.Find(path, d.base, d.Path)
		if err != nil || ok && !datafolder.Same(found, d.Path) {
			all = append(all, dataSet{found, err != nil})
		}
	}
	return all
}

// isLast reports whether deleting d leaves no data set. The web view's data are
// then unused.
func (d *DataFolder) isLast() bool {
	return !slices.ContainsFunc(d.baseFolders(), func(folder string) bool { return !d.isLastIn(folder) })
}

// isLastIn is isLast for a single base folder.
func (d *DataFolder) isLastIn(base string) bool {
	if !datafolder.Same(base, d.Path) && datafolder.MayExist(filepath.Join(base, datafolder.RegisterFile)) {
		return false
	}
	return d.real && base == d.base || len(d.dataSetsIn(base)) == 0
}

// baseFolders returns the base folder of d and, if different, the base folder without an
// override.
func (d *DataFolder) baseFolders() []string {
	folders := []string{d.base}
	if standard, err := datafolder.ResolvedDefault(); err == nil {
		folder, ok, err := datafolder.Find(standard, d.base, d.Path)
		if (ok || err != nil) && !datafolder.Same(folder, d.base) {
			folders = append(folders, folder)
		}
	}
	return folders
}

// isOwn reports whether a folder certainly is Bookring's.
func (d *DataFolder) isOwn(path string) bool {
	found, ok, err := datafolder.Find(path, d.base, d.Path)
	return err == nil && ok && found == path
}
