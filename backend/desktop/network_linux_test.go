package desktop_test

import (
	"context"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"bookring/backend/desktop"

	"golang.org/x/sys/unix"
)

// ownNetwork marks a process of the test in a network of its own.
const ownNetwork = "BOOKRING_TEST_OWN_NETWORK"

func TestTheSystemTellsOfANewNetwork(t *testing.T) {
	if os.Getenv(ownNetwork) == "" {
		inAnOwnNetwork(t)
		return
	}
	ctx, end := context.WithTimeout(t.Context(), 20*time.Second)
	told, ended := make(chan struct{}, 1), make(chan struct{})
	go func() {
		defer close(ended)
		desktop.WatchNetwork(ctx, func() {
			select {
			case told <- struct{}{}:
			default:
			}
		})
	}()
	again := time.NewTicker(3 * time.Second)
	defer again.Stop()
	// Other computers know lo by an address, as an interface of a network.
	loopback(t, unix.SIOCSIFADDR, func(lo *unix.Ifreq) { _ = lo.SetInet4Addr([]byte{192, 0, 2, 1}) })
	for up, known := uint16(unix.IFF_UP), false; !known; up ^= unix.IFF_UP {
		loopback(t, unix.SIOCSIFFLAGS, func(lo *unix.Ifreq) { lo.SetUint16(up) })
		select {
		case <-told:
			known = true
		case <-again.C: // the socket was opened after the change
		case <-ctx.Done():
			t.Fatal("nothing was told")
		}
	}
	again.Reset(3 * time.Second)
	loopback(t, unix.SIOCSIFMTU, func(lo *unix.Ifreq) { lo.SetUint32(1400) })
	select {
	case <-told:
		t.Error("a message without a change of an address counts as a change of the network")
	case <-again.C:
	}
	end()
	<-ended
}

// inAnOwnNetwork runs the test again in a network namespace, where the process may change the
// loopback interface.
func inAnOwnNetwork(t *testing.T) {
	t.Helper()
	test := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
	test.Env = append(os.Environ(), ownNetwork+"=1")
	test.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  unix.CLONE_NEWUSER | unix.CLONE_NEWNET,
		UidMappings: []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}},
	}
	said, err := test.CombinedOutput()
	if test.Process == nil {
		t.Skipf("this system has no namespaces for users: %v", err)
	}
	if err != nil {
		t.Errorf("%v\n%s", err, said)
	}
}

// loopback changes the loopback interface.
func loopback(t *testing.T, request uint, value func(lo *unix.Ifreq)) {
	t.Helper()
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd) //nolint:errcheck // nothing was written
	lo, err := unix.NewIfreq("lo")
	if err != nil {
		t.Fatal(err)
	}
	value(lo)
	if err := unix.IoctlIfreq(fd, request, lo); err != nil {
		t.Fatal(err)
	}
}
