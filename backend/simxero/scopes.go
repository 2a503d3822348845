package simxero

import (
	"slices"
	"strings"
)

var identityScopes = []string{"openid", "profile", "email", "offline_access"}

// granularScopes are what an app made on or after 2 March 2026 may ask for,
// read-only and read-write alike, with what the consent page says of each.
var granularScopes = func() map[string]string {
	all := map[string]string{
		"accounting.budgets.read":               "View your budgets",
		"accounting.journals.read":              "View your journals",
		"accounting.reports.tenninetynine.read": "View your 1099 reports",
	}
	for name, what := range map[string]string{
		"invoices": "your invoices, quotes and purchase orders", "payments": "your payments",
		"banktransactions": "your bank transactions", "manualjournals": "your manual journals",
		"settings": "your organisation’s settings", "contacts": "your contacts", "attachments": "your files and attachments",
	} {
		all["accounting."+name] = "View and manage " + what
		all["accounting."+name+".read"] = "View " + what
	}
	for _, name := range []string{
		"aged", "balancesheet", "banksummary", "budgetsummary", "executivesummary", "profitandloss", "trialbalance", "taxreports",
	} {
		all["accounting.reports."+name+".read"] = "View your reports (" + name + ")"
	}
	return all
}()

var (
	broadScopes = []string{"accounting.transactions", "accounting.transactions.read", "accounting.reports.read"}
	// otherFamilies exist, and no simulated client may ask for them unless it
	// lists them.
	otherFamilies = []string{"files", "assets", "projects", "payroll.", "bankfeeds", "finance.", "app.connections", "practicemanager"}
)

func knownScope(scope string) bool {
	_, granular := granularScopes[scope]
	return granular || slices.Contains(identityScopes, scope) || slices.Contains(broadScopes, scope) ||
		slices.ContainsFunc(otherFamilies, func(f string) bool { return strings.HasPrefix(scope, f) })
}

func (c *Client) mayAsk(scope string) bool {
	if slices.Contains(identityScopes, scope) {
		return true
	}
	if slices.Contains(broadScopes, scope) && !c.Classic {
		return false
	}
	if c.Scopes != nil {
		return slices.Contains(c.Scopes, scope)
	}
	_, granular := granularScopes[scope]
	return granular || c.Classic
}

// permissions puts the scopes that reach an organisation's data in words.
func permissions(scopes []string) []string {
	var all []string
	for _, scope := range scopes {
		if !slices.Contains(identityScopes, scope) {
			all = append(all, or(granularScopes[scope], scope))
		}
	}
	return all
}
