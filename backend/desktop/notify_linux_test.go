package desktop_test

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"testing"

	"bookring/backend/desktop"
	"bookring/backend/simkeyring"

	"github.com/godbus/dbus/v5"
)

// service is a notification service and records the notifications.
type service struct {
	shown  chan string
	silent func() // if not nil, called instead of an answer
	ended  <-chan struct{}
}

// Notify implements the method of the specification.
func (s *service) Notify(
	program string, replaces uint32, icon, title, text string, actions []string, _ map[string]dbus.Variant, expire int32,
) (uint32, *dbus.Error) {
	if s.silent != nil {
		s.silent()
		<-s.ended
	}
	s.shown <- fmt.Sprintf("%s|%d|%s|%s|%s|%d|%d", program, replaces, icon, title, text, len(actions), expire)
	return 7, nil
}

// bus starts a session bus and sets the variable for the address.
func bus(t *testing.T) (address string) {
	t.Helper()
	if _, err := exec.LookPath(simkeyring.BusProgram); err != nil {
		t.Skip("no " + simkeyring.BusProgram)
	}
	address, end, err := simkeyring.StartBus(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(end)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
	return address
}

func newService(t *testing.T, silent func()) *service {
	t.Helper()
	conn, err := dbus.Connect(bus(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	s := &service{shown: make(chan string, 1), silent: silent, ended: t.Context().Done()}
	if err := conn.Export(s, "/org/freedesktop/Notifications", "org.freedesktop.Notifications"); err != nil {
		t.Fatal(err)
	}
	if got, err := conn.RequestName("org.freedesktop.Notifications", 0); err != nil || got != dbus.RequestNameReplyPrimaryOwner {
		t.Fatal(got, err)
	}
	return s
}

func TestTheDesktopShowsANotification(t *testing.T) {
	s := newService(t, nil)
	if err := desktop.Notify(t.Context(), nil, "A sign-in ends in 3 days", "Press Renew now."); err != nil {
		t.Fatal(err)
	}
	want := "Bookring|0||A sign-in ends in 3 days|Press Renew now.|0|-1"
	if got := <-s.shown; got != want {
		t.Errorf("shown: %s, want %s", got, want)
	}
}

func TestWithoutAnAnswerTheNotificationEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	newService(t, cancel)
	if err := desktop.Notify(ctx, nil, "title", "text"); !errors.Is(err, context.Canceled) {
		t.Errorf("failed with %v", err)
	}
}

func TestWithoutANotificationServiceTheNotificationFails(t *testing.T) {
	for name, prepare := range map[string]func(t *testing.T){
		"a bus without the service": func(t *testing.T) { t.Helper(); bus(t) },
		"no bus":                    func(t *testing.T) { t.Helper(); t.Setenv("DBUS_SESSION_BUS_ADDRESS", "") },
		"a bus without a socket": func(t *testing.T) {
			t.Helper()
			t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+t.TempDir()+"/none")
		},
	} {
		t.Run(name, func(t *testing.T) {
			prepare(t)
			t.Setenv("XDG_RUNTIME_DIR", t.TempDir()) // godbus looks here too
			if err := desktop.Notify(t.Context(), nil, "title", "text"); err == nil {
				t.Error("the notification did not fail")
			}
		})
	}
}
