package stress_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync/atomic"
	"testing"
	"time"
)

// copyProcess is the process of a copy.
type copyProcess struct {
	t      *testing.T
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Reader
	killed atomic.Bool
}

// answerLimit is the time limit for an answer of a copy.
const answerLimit = 90 * time.Second

// start starts a copy. The copy must report as ready before the first command.
func (s *scene) start(o options) *copyProcess {
	s.t.Helper()
	o.Discovery, o.API = s.xero.Discovery(), s.xero.APIBase()
	encoded, err := json.Marshal(o)
	must(s.t, err)
	c := &copyProcess{t: s.t, cmd: exec.CommandContext(context.Background(), os.Args[0])}
	c.cmd.Env = append(os.Environ(),
		copyOptions+"="+string(encoded), "DBUS_SESSION_BUS_ADDRESS="+s.bus, "XDG_DATA_HOME="+s.home,
		"GORACE=atexit_sleep_ms=0", "GOMAXPROCS=2")
	c.cmd.Stderr = os.Stderr
	c.in, err = c.cmd.StdinPipe()
	must(s.t, err)
	out, err := c.cmd.StdoutPipe()
	must(s.t, err)
	c.out = bufio.NewReader(out)
	must(s.t, c.cmd.Start())
	s.t.Cleanup(c.kill)
	return c
}

// ready waits for the end of the copy's start.
func (c *copyProcess) ready() report {
	c.t.Helper()
	return c.answer()
}

// do sends a command and returns the answer.
func (c *copyProcess) do(what command) report {
	c.t.Helper()
	c.send(what)
	return c.answer()
}

func (c *copyProcess) send(what command) {
	c.t.Helper()
	encoded, err := json.Marshal(what)
	must(c.t, err)
	_, err = fmt.Fprintln(c.in, string(encoded))
	must(c.t, err)
}

// answer returns the copy's next line of output. A copy without an answer in time
// is killed.
func (c *copyProcess) answer() (r report) {
	c.t.Helper()
	late := time.AfterFunc(answerLimit, c.signal)
	defer late.Stop()
	line, err := c.out.ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &r)
	}
	if err != nil {
		c.t.Fatalf("no answer: %v", err)
	}
	return r
}

// signal sends SIGKILL.
func (c *copyProcess) signal() { _ = c.cmd.Process.Kill() }

// kill sends SIGKILL and waits for the end of the process.
func (c *copyProcess) kill() {
	if c.killed.CompareAndSwap(false, true) {
		c.signal()
		_ = c.cmd.Wait() // reports the kill
	}
}
