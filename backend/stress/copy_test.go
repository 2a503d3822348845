package stress_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"time"

	"bookring/backend"
	"bookring/backend/connect/task"
	"bookring/backend/connect/view"
	"bookring/backend/desktop"
	"bookring/backend/keychain"
	"bookring/backend/rig"
	"bookring/backend/xero"
)

// copyOptions is the environment variable with the options of a copy. A copy is a
// second process of the test program.
const copyOptions = "BOOKRING_STRESS_COPY"

// service is the name of the copies' items in the keyring.
const service = "app.bookring.stress"

// options are the options of a copy. As for any program, the environment holds
// the keyring's bus and the folder of the locks.
type options struct {
	Folder, Discovery, API string
	Ports                  []int
	Patience               time.Duration // of the keychain; zero means the default
	RenewsForever          bool          // renews without commands
	Starts                 bool          // before the first renewal, completes interrupted work as every start does
	LocksFolder            bool          // locks the data folder, as the window does
	System                 string        // of the keychain's size limit; empty means this system
	Bug                    bug
}

// command is a line of input of a copy. The copy answers with a report.
type command struct {
	Do    string
	Ahead time.Duration // advances the clock first
	Step  step          // the step to stop at
}

type report struct {
	Link    string
	Status  map[string]backend.Status // by organisation
	Trouble map[string]backend.Code
	Unsaved bool
	Stopped bool
	Failed  string
}

// runCopy is the main function of a copy.
func runCopy() error {
	var o options
	if err := json.Unmarshal([]byte(os.Getenv(copyOptions)), &o); err != nil {
		return err
	}
	if o.LocksFolder {
		folder, err := desktop.OpenDataFolder(desktop.Environment{DataDir: o.Folder})
		if err != nil {
			reply(report{Failed: string(backend.AsFailure(err).Code)})
			return nil
		}
		o.Folder = folder.Path
	}
	vault := keychain.New(service)
	vault.Patience, vault.System = o.Patience, o.System
	c := &instance{watched: make(chan struct{}, 1), links: make(chan string, 1)}
	var err error
	client := xero.NewHTTPClient()
	client.Transport = stoppingTransport{client.Transport, &c.stop}
	c.program, err = newProgram(context.Background(), parts{
		folder: o.Folder, discovery: o.Discovery, api: o.API, ports: o.Ports, client: client,
		keychain: vault, lock: desktop.LockSignIn, pause: c.pause, clock: &rig.Clock{},
		browse: func(link string) error { c.links <- link; return nil },
	})
	if err != nil {
		return err
	}
	o.Bug.plant(c.program)
	c.stop.plant(c.program)
	if o.RenewsForever {
		return c.renewForever(context.Background(), o.Starts)
	}
	reply(report{})
	return c.serve(context.Background())
}

func reply(r report) {
	line, _ := json.Marshal(r)
	fmt.Println(string(line))
}

// instance is the program within the process of a copy.
type instance struct {
	*program
	watched chan struct{} // holds a value after a search for due work
	links   chan string
	stop    stop
}

// speed is the factor by which the pauses before another try are shorter.
const speed = 100

// pause is a timer at a higher speed. A search for due work ends with a pause of
// at least five seconds. A pause of a minute never ends, so that the commands
// alone start further checks.
func (c *instance) pause(ctx context.Context, d time.Duration) error {
	if d >= 5*time.Second {
		select {
		case c.watched <- struct{}{}:
		default:
		}
	}
	if d >= time.Minute {
		<-ctx.Done()
		return ctx.Err()
	}
	return task.NewClock(nil, nil).Pause(ctx, d/speed)
}

// renewForever renews every sign-in again and again, in random order.
func (c *instance) renewForever(ctx context.Context, starts bool) error {
	c.ports.Register = shuffledRegister{c.ports.Register}
	go exitWithParent()
	reply(report{})
	if starts {
		c.Start(ctx)
		<-c.watched
	}
	for {
		if _, err := c.idle(ctx); err != nil {
			return err
		}
		c.clock.Advance(accessLife)
		if err := c.CheckNow(ctx); err != nil {
			return err
		}
	}
}

// exitWithParent ends the copy after the test process has ended.
func exitWithParent() {
	_, _ = io.Copy(io.Discard, os.Stdin)
	os.Exit(1)
}

// accessLife is longer than the life of an access token.
const accessLife = 31 * time.Minute

// shuffledRegister lists the sign-ins in random order.
type shuffledRegister struct{ rig.Register }

func (r shuffledRegister) SignIns(ctx context.Context) ([]backend.SignIn, error) {
	all, err := r.Register.SignIns(ctx)
	rand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all, err
}

// serve answers the commands until the end of the input.
func (c *instance) serve(ctx context.Context) error {
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var received command
		if err := json.Unmarshal(lines.Bytes(), &received); err != nil {
			return err
		}
		c.clock.Advance(received.Ahead)
		r, err := c.do(ctx, received)
		if err != nil {
			r.Failed = err.Error()
		}
		reply(r)
	}
	return nil
}

func (c *instance) do(ctx context.Context, received command) (report, error) {
	switch received.Do {
	case "connect":
		c.Connect()
		select {
		case link := <-c.links:
			return report{Link: link}, nil
		default:
			return report{}, errors.New("no browser was opened")
		}
	case "connected":
		return report{}, c.roundEnded(ctx)
	case "start":
		c.Start(ctx)
		<-c.watched
	case "check":
		c.stop.at(received.Step)
		if err := c.CheckNow(ctx); err != nil {
			return report{}, err
		}
	case "saved": // the program retries the save until the keychain accepts
		if _, err := c.until(ctx, func(o view.Overview) bool { return !o.Unsaved }); err != nil {
			return report{}, err
		}
	default:
		return report{}, fmt.Errorf("there is no command %q", received.Do)
	}
	return c.state(ctx)
}

// state waits for the end of a running check and reports the list.
func (c *instance) state(ctx context.Context) (report, error) {
	o, err := c.idle(ctx)
	if err != nil {
		return report{}, err
	}
	rows, err := c.rows(ctx)
	r := report{Unsaved: o.Unsaved, Status: map[string]backend.Status{}, Trouble: map[string]backend.Code{}}
	for _, row := range rows {
		r.Status[row.Name] = backend.Status(row.Status)
		if row.Trouble != "" {
			r.Trouble[row.Name] = backend.Code(row.Trouble)
		}
	}
	return r, err
}
