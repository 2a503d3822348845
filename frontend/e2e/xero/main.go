//go:build e2e

// Command xero is the simulated Xero as a program, for the tests of the window.
//
// Xero reads and writes lines of JSON. The first line of input is a [world], and
// the first line of output holds the addresses. Each further line of input is a
// [command], answered with a line {"answer": ...} or {"error": "..."}. The program
// ends with the input.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"time"

	"bookring/backend/simxero"
)

// world is the demo, or a list of organisations. Jo Whitmore can connect several
// of the organisations in a single round.
type world struct {
	Demo          bool
	Organisations []simxero.Organisation
	// Role is Jo's role in every organisation; empty means Administrator.
	Role simxero.Role
	// Connected: every organisation is connected from the start.
	Connected bool
	// Redirects replace the usual redirect addresses.
	Redirects []string
}

// command is one line of input.
type command struct {
	Do string
	// Endpoint gets the fault Fault with the particulars Status and With.
	Endpoint simxero.Endpoint
	Fault    string
	Status   int
	With     string
	// Person follows Link and allows access to Organisations, by name; or
	// disconnects the organisations in Xero; or withdraws all consent in Xero.
	Link, Person  string
	Organisations []string
}

// request is a received request. At is in milliseconds since 1970.
type request struct {
	Endpoint simxero.Endpoint `json:"endpoint"`
	At       int64            `json:"at"`
}

func main() {
	input := bufio.NewScanner(os.Stdin)
	input.Buffer(nil, 64<<20) // ten thousand organisations, or very long names
	var w world
	if !input.Scan() || json.Unmarshal(input.Bytes(), &w) != nil {
		log.Fatal("there is no world to read")
	}
	server, err := simxero.New(simxero.Options{World: w.build()})
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()
	say := json.NewEncoder(os.Stdout)
	_ = say.Encode(map[string]string{
		"discovery": server.Discovery(), "api": server.APIBase(), "clientID": simxero.DemoClientID,
	})
	visitor := server.Visitor()
	for input.Scan() {
		var c command
		err := json.Unmarshal(input.Bytes(), &c)
		var answer any
		if err == nil {
			answer, err = c.run(server, visitor)
		}
		if err != nil {
			_ = say.Encode(map[string]string{"error": err.Error()})
			continue
		}
		_ = say.Encode(map[string]any{"answer": answer})
	}
}

func (w world) build() simxero.World {
	built := simxero.Demo()
	if !w.Demo {
		built = simxero.Named(make([]string, len(w.Organisations))...)
		jo := built.People[0].ID
		for i, o := range w.Organisations {
			o.ID = built.Organisations[i].ID
			built.Organisations[i] = o
			if w.Role != "" {
				built.Roles[simxero.Membership{Person: jo, Organisation: o.ID}] = w.Role
			}
			if w.Connected {
				link := simxero.Link{Person: jo, Organisation: o.ID, Client: simxero.DemoClientID}
				built.Connected = append(built.Connected, link)
			}
		}
	}
	if w.Redirects != nil {
		built.Clients[0].RedirectAddresses = w.Redirects
	}
	return built
}

func (c command) run(server *simxero.Server, visitor *simxero.Visitor) (any, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	switch c.Do {
	case "fail":
		fault, err := c.fault()
		if err == nil {
			server.Fail(c.Endpoint, fault)
		}
		return nil, err
	case "heal":
		server.Heal()
		return nil, nil
	case "requests":
		requests := []request{}
		for _, r := range server.Requests() {
			requests = append(requests, request{r.Endpoint, r.At.UnixMilli()})
		}
		return requests, nil
	case "secrets":
		return server.Secrets(), nil
	case "allow":
		return visitor.Allow(ctx, c.Link, c.Person, c.Organisations...)
	case "continue":
		return visitor.Continue(ctx, c.Link, c.Person)
	case "end tokens":
		server.EndTokens(server.World().Person(c.Person).ID, simxero.DemoClientID)
		return nil, nil
	case "disconnected":
		names := []string{}
		for _, e := range server.Events() {
			for _, o := range server.World().Organisations {
				if e.Kind == simxero.Disconnected && e.Organisation == o.ID {
					names = append(names, o.Name)
				}
			}
		}
		return names, nil
	case "disconnect":
		w := server.World()
		for _, name := range c.Organisations {
			server.DisconnectInXero(w.Person(c.Person).ID, w.Organisation(name).ID)
		}
		return nil, nil
	case "revoke":
		server.Revoke(server.World().Person(c.Person).ID, simxero.DemoClientID)
		return nil, nil
	case "close":
		server.Close()
		return nil, nil
	}
	return nil, fmt.Errorf("there is no command %q", c.Do)
}

func (c command) fault() (simxero.Fault, error) {
	switch c.Fault {
	case "status":
		return simxero.StatusFault(c.Status), nil
	case "dropped":
		return simxero.Dropped(), nil
	case "stalled":
		return simxero.Stalled(), nil
	case "captive portal":
		return simxero.CaptivePortal(c.Status), nil
	case "wrong identity":
		return simxero.WrongIdentity(simxero.IdentityFault(c.With)), nil
	}
	return simxero.Fault{}, fmt.Errorf("there is no fault %q", c.Fault)
}
