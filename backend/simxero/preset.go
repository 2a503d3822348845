package simxero

import (
	"encoding/base64"
	"encoding/hex"
	"maps"
	"slices"
	"strconv"
	"time"
)

// clone returns a copy that shares nothing with w and has every empty field
// filled in.
func (w World) clone() World {
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
		p.Subject = hex.EncodeToString(digest("subject", p.ID)[:16])
	}
}

func (o *Organisation) complete(place int) {
	if o.ID == "" {
		o.ID = guidFor("organisation", o.Name, strconv.Itoa(place))
	}
	local, ok := locales[or(o.Country, "GB")]
	if !ok {
		local = locales["IE"]
	}
	o.Type = or(o.Type, TypeOrganisation)
	o.LegalName = or(o.LegalName, o.Name)
	o.ShortCode = or(o.ShortCode, "!"+base64.RawURLEncoding.EncodeToString(digest("short code", o.ID))[:5])
	o.Country = or(o.Country, "GB")
	o.Currency = or(o.Currency, local.currency)
	o.Timezone = or(o.Timezone, local.timezone)
	o.Version = or(o.Version, local.version)
	o.Kind = or(o.Kind, "COMPANY")
	o.Plan = or(o.Plan, "STANDARD")
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
	if c.Connections == 0 {
		c.Connections = 5
	}
	if c.DayLimit == 0 {
		c.DayLimit = 1000
		if c.Connections > 5 {
			c.DayLimit = 5000
		}
	}
}

// locales says what Xero presets for a country; the unlisted are GLOBAL, as
// Ireland is.
var locales = map[string]struct{ currency, timezone, version string }{
	"GB": {"GBP", "GMTSTANDARDTIME", "UK"},
	"NZ": {"NZD", "NEWZEALANDSTANDARDTIME", "NZ"},
	"AU": {"AUD", "AUSEASTERNSTANDARDTIME", "AU"},
	"US": {"USD", "EASTERNSTANDARDTIME", "US"},
	"IE": {"EUR", "GMTSTANDARDTIME", "GLOBAL"},
}

func or(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}
