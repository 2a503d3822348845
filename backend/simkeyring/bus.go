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

// BusProgram is the program run by [StartBus].
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

// StartBus starts a session bus without services and without activation of services. The address has the format of
// DBUS_SESSION_BUS_ADDRESS. The bus runs until a call of end or the end of ctx. StartBus fails on a computer without
// [BusProgram].
func StartBus(ctx context.Context) (address string, end func(), err error) {
	// The address of a socket has at most 108 bytes. The path of a test's temporary folder can be longer.
	dir, err := os.MkdirTemp("", "ring")
	if err != nil {
		return "", nil, fmt.Errorf("make a folder for the bus: %w", err)
	}
	config := filepath.Join(dir, "bus.conf")
	if err := os.WriteFile(config, []byte(strings.ReplaceAll(busConfig, "DIR", dir)), 0o600); err != nil {
		_ = os.RemoveAll(dir)
		return "", nil, fmt.Errorf("configure the bus: %w", err)
	}
	daemon := exec.CommandContext(ctx, BusProgram, "--config-file="+config, "--nofork", "--nopidfile", "--print-address") //nolint:gosec // the function made the file
	end = func() {
		if daemon.Process != nil {
			_ = daemon.Process.Kill()
			_ = daemon.Wait() // the error reports the kill
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
