package keychain_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	ss "github.com/zalando/go-keyring/secret_service"

	"bookring/backend/keychain"
)

const copiedService = "app.bookring.copies"

// backupKeyring is a keyring file of GNOME Keyring without a password, as a restored backup.
const backupKeyring = `[keyring]
display-name=backup
ctime=0
mtime=0
lock-on-idle=false
lock-after=false

[1]
item-type=0
display-name=Bookring
secret=SECRET
mtime=0
ctime=0

[1:attribute0]
name=service
type=string
value=SERVICE

[1:attribute1]
name=username
type=string
value=ACCOUNT
`

func TestOlderCopiesInGNOMEKeyringEndNothing(t *testing.T) {
	if !inChild(t) {
		d := newDesktop(t)
		text := strings.NewReplacer("SECRET", record(generation(0)), "SERVICE", copiedService, "ACCOUNT", wellKeptAccount).Replace(backupKeyring)
		if err := os.WriteFile(filepath.Join(d.home, "data/keyrings/backup.keyring"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		d.startKeyring(t, "a password")
		runAgain(t, d.env()...)
		return
	}
	v := keychain.New(copiedService)
	loads(t, v, generation(0)) // from the backup only
	save(t, v, generation(1))
	addCopy(t, record(generation(-1)))
	addCopy(t, record(generation(0)))
	addCopy(t, "damaged")
	if n := gnomeCopies(t); n != 4 {
		t.Fatalf("%d items", n)
	}
	for n := 1; n < 5; n++ {
		loads(t, keychain.New(copiedService), generation(n))
		marked := generation(n)
		marked.PresentedAt = marked.SavedAt.Add(time.Hour)
		save(t, v, marked)
		save(t, v, generation(n+1))
	}
	if n := gnomeCopies(t); n > 2 { // the newest, and the damaged one unless replaced
		t.Errorf("%d items are left", n)
	}
	remove(t, v, "kept")
	if n := gnomeCopies(t); n > 0 {
		t.Errorf("%d items are left", n)
	}
}

func secretService(t *testing.T) (*ss.SecretService, map[string]string) {
	t.Helper()
	svc, err := ss.NewSecretService()
	if err != nil {
		t.Fatal(err)
	}
	return svc, map[string]string{"service": copiedService, "username": wellKeptAccount}
}

// addCopy adds an item beside the items with the same names.
func addCopy(t *testing.T, text string) {
	t.Helper()
	svc, attributes := secretService(t)
	session, err := svc.OpenSession()
	if err != nil {
		t.Fatal(err)
	}
	err = svc.GetLoginCollection().Call("org.freedesktop.Secret.Collection.CreateItem", 0, map[string]dbus.Variant{
		"org.freedesktop.Secret.Item.Label":      dbus.MakeVariant("a copy"),
		"org.freedesktop.Secret.Item.Attributes": dbus.MakeVariant(attributes),
	}, ss.NewSecret(session.Path(), text), false).Err
	if err != nil {
		t.Fatal(err)
	}
}

// gnomeCopies counts the unlocked items of the account.
func gnomeCopies(t *testing.T) int {
	t.Helper()
	svc, attributes := secretService(t)
	var unlocked, locked []dbus.ObjectPath
	err := svc.Conn.Object("org.freedesktop.secrets", "/org/freedesktop/secrets").
		Call("org.freedesktop.Secret.Service.SearchItems", 0, attributes).Store(&unlocked, &locked)
	if err != nil {
		t.Fatal(err)
	}
	return len(unlocked)
}
