package sqlite

import "golang.org/x/sys/unix"

// networks are the file systems that are another computer's, by the number that
// statfs(2) gives. FUSE is in use for all kinds, most of them (sshfs, rclone,
// cloud drives) elsewhere.
var networks = map[int64]bool{
	unix.NFS_SUPER_MAGIC:  true,
	unix.SMB_SUPER_MAGIC:  true,
	unix.SMB2_SUPER_MAGIC: true,
	unix.CIFS_SUPER_MAGIC: true,
	unix.AFS_SUPER_MAGIC:  true,
	unix.CODA_SUPER_MAGIC: true,
	unix.NCP_SUPER_MAGIC:  true,
	unix.V9FS_MAGIC:       true,
	unix.FUSE_SUPER_MAGIC: true,
}

// onNetwork reports whether a folder is on another computer.
func onNetwork(folder string) bool {
	var about unix.Statfs_t
	// The type is 32 bits wide on some systems and then negative.
	return unix.Statfs(folder, &about) == nil && networks[int64(uint32(about.Type))] //nolint:gosec // as it is meant
}
