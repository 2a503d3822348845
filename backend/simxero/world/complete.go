package world

import (
	"cmp"
	"encoding/base64"
	"encoding/hex"
	"maps"
	"slices"
	"strconv"
	"time"
)

// Complete returns a deep copy of w with a default in every empty field.
func (w World) Complete() World {
	w.People = slices.Clone(w.People)
	w.Organisations = slices.Clone(w.Organisations)
	w.Clients = slices.Clone(w.Clients)
	w.Connected = slices.Clone(w.Connected)
	if w.Roles = maps.Clone(w.Roles); w.Roles == nil {
		w.Roles = map[Membership]Role{}
	}
	for i := range w.People {
		w.People[i].complete()
	}
	for i := range w.Organisations {
		w.Organisations[i].complete(i)
	}
	for i := range w.Clients {
		w.Clients[i].complete()
	}
	return w
}

func (p *Person) complete() {
	if p.ID == "" {
		p.ID = guidFor("person", p.Email, p.GivenName, p.FamilyName)
	}
	if p.Subject == "" {
		p.Subject = hex.EncodeToString(Digest("subject", p.ID)[:16])
	}
}

func (o *Organisation) complete(place int) {
	if o.ID == "" {
		o.ID = guidFor("organisation", o.Name, strconv.Itoa(place))
	}
	o.Country = cmp.Or(o.Country, "GB")
	local, ok := locales[o.Country]
	if !ok {
		local = locales["IE"]
	}
	o.Type = cmp.Or(o.Type, TypeOrganisation)
	o.LegalName = cmp.Or(o.LegalName, o.Name)
	o.ShortCode = cmp.Or(o.ShortCode, "!"+base64.RawURLEncoding.EncodeToString(Digest("short code", o.ID))[:5])
	o.Currency = cmp.Or(o.Currency, local.currency)
	o.Timezone = cmp.Or(o.Timezone, local.timezone)
	o.Version = cmp.Or(o.Version, local.version)
	o.Kind = cmp.Or(o.Kind, "COMPANY")
	o.Plan = cmp.Or(o.Plan, "STANDARD")
	if o.YearEndMonth == 0 {
		o.YearEndDay, o.YearEndMonth = 31, 12
	}
	if o.Created.IsZero() {
		o.Created = time.Date(2021, 2, 18, 21, 3, 13, 0, time.UTC)
	}
}

func (c *Client) complete() {
	if c.RedirectAddresses == nil {
		c.RedirectAddresses = RedirectAddresses()
	}
	c.Connections = cmp.Or(c.Connections, 5)
	if c.DayLimit == 0 {
		c.DayLimit = 1000
		if c.Connections > 5 {
			c.DayLimit = 5000
		}
	}
}

// locales holds Xero's presets by country. Xero's GLOBAL edition, here under IE, serves every other country.
var locales = map[string]struct{ currency, timezone, version string }{
	"GB": {"GBP", "GMTSTANDARDTIME", "UK"},
	"NZ": {"NZD", "NEWZEALANDSTANDARDTIME", "NZ"},
	"AU": {"AUD", "AUSEASTERNSTANDARDTIME", "AU"},
	"US": {"USD", "EASTERNSTANDARDTIME", "US"},
	"IE": {"EUR", "GMTSTANDARDTIME", "GLOBAL"},
}
