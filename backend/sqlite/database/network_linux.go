package database

import "golang.org/x/sys/unix"

// networkFileSystems are the types of network file systems in statfs(2). Most FUSE file systems (sshfs,
// rclone, cloud drives) are on a network.
var networkFileSystems = map[int64]bool{
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

// onNetwork reports whether a folder is on a network disk.
func onNetwork(folder string) bool {
	var info unix.Statfs_t
	// On some systems the type is a signed 32-bit number, negative for the larger constants.
	return unix.Statfs(folder, &info) == nil && networkFileSystems[int64(uint32(info.Type))] //nolint:gosec // the bits of an unsigned number
}
