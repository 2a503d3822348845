// Package datafolder decides which folder on the disk is Bookring's, and names the
// files in the folder.
//
// Bookring's own folder has a mark, the file bookring.folder. A missing or empty folder
// and the folder of a Bookring without marks become Bookring's. A folder with other
// files never does: Bookring then uses a subfolder "bookring-data". A failed read
// proves nothing and ends the start: with a subfolder chosen by mistake the list would
// look empty.
//
// Nothing in the package follows a link inside a folder, changes the mode of an
// existing folder, or replaces a file of the user.
package datafolder
