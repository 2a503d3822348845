package simkeyring

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// BusProgram is the program that [StartBus] needs.
const BusProgram = "dbus-daemon"

const busConfig = `<busconfig>
  <type>session</type>
  <listen>unix:dir=DIR</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
  <limit name="max_connections_per_user">4096</limit>
  <limit name="max_completed_connections">4096</limit>
  <limit name="max_incomplete_connections">4096</limit>
</busconfig>
`

// StartBus starts a session bus on which nothing is, and nothing starts by
// itself, and returns its address, as DBUS_SESSION_BUS_ADDRESS takes it. The bus
// lives until end is called or ctx ends. Fails where there is no [BusProgram].
func StartBus(ctx context.Context) (address string, end func(), err error) {
	// A socket's address has 108 bytes, which a test's own folder can exceed.
	dir, err := os.MkdirTemp("", "ring")
	if err != nil {
		return "", nil, fmt.Errorf("make a folder for the bus: %w", err)
	}
	config := filepath.Join(dir, "bus.conf")
	if err := os.WriteFile(config, []byte(strings.ReplaceAll(busConfig, "DIR", dir)), 0o600); err != nil {
		_ = os.RemoveAll(dir)
		return "", nil, fmt.Errorf("configure the bus: %w", err)
	}
	daemon := exec.CommandContext(ctx, BusProgram, "--config-file="+config, "--nofork", "--nopidfile", "--print-address") //nolint:gosec // our own file
	end = func() {
		if daemon.Process != nil {
			_ = daemon.Process.Kill()
			_ = daemon.Wait() // its end by that kill is no news
		}
		_ = os.RemoveAll(dir)
	}
	out, err := daemon.StdoutPipe()
	if err == nil {
		err = daemon.Start()
	}
	if err == nil {
		address, err = bufio.NewReader(out).ReadString('\n')
	}
	if err != nil {
		end()
		return "", nil, fmt.Errorf("start the bus: %w", err)
	}
	return strings.TrimSpace(address), end, nil
}
