package desktop

import (
	"context"
	"errors"
	"net"
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// settling is the quiet time after a change of the network: a change of an address brings
	// several messages. longestSettling bounds the wait.
	settling        = 500 * time.Millisecond
	longestSettling = 2 * time.Second
)

// WatchNetwork calls changed after every change of the addresses by which this computer reaches
// other computers, until ctx ends (rtnetlink(7)). A system that refuses the socket tells nothing.
func WatchNetwork(ctx context.Context, changed func()) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, unix.NETLINK_ROUTE)
	if err != nil {
		return
	}
	messages := os.NewFile(uintptr(fd), "netlink")
	defer messages.Close() //nolint:errcheck // nothing was written
	err = unix.Bind(fd, &unix.SockaddrNetlink{Family: unix.AF_NETLINK, Groups: unix.RTMGRP_LINK |
		unix.RTMGRP_IPV4_IFADDR | unix.RTMGRP_IPV6_IFADDR})
	if err != nil {
		return
	}
	cancel := func() { _ = messages.SetReadDeadline(time.Now()) }
	defer context.AfterFunc(ctx, cancel)()
	before := addresses()
	for buffer := make([]byte, 64<<10); ctx.Err() == nil; {
		// A full queue has lost messages, and a lost message is a change, too.
		if _, err := messages.Read(buffer); err != nil && !errors.Is(err, unix.ENOBUFS) {
			return
		}
		if !settle(ctx, messages, buffer) {
			return
		}
		if now := addresses(); now != before {
			before = now
			changed()
		}
	}
}

// settle reads further messages until the network is quiet.
func settle(ctx context.Context, messages *os.File, buffer []byte) (settled bool) {
	for end := time.Now().Add(longestSettling); time.Now().Before(end); {
		_ = messages.SetReadDeadline(time.Now().Add(settling))
		if _, err := messages.Read(buffer); err != nil {
			break
		}
	}
	_ = messages.SetReadDeadline(time.Time{})
	return ctx.Err() == nil
}

// addresses returns the global addresses of the interfaces in operation. Scans of a radio
// network, renewed leases and starting containers bring messages too, but change no address.
func addresses() string {
	var all strings.Builder
	interfaces, _ := net.Interfaces()
	for _, i := range interfaces {
		if i.Flags&net.FlagRunning == 0 {
			continue
		}
		of, _ := i.Addrs()
		for _, a := range of {
			if at, ok := a.(*net.IPNet); ok && at.IP.IsGlobalUnicast() {
				all.WriteString(i.Name + " " + at.String() + "\n")
			}
		}
	}
	return all.String()
}
