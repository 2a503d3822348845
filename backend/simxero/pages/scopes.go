package pages

import (
	"cmp"
	"slices"
	"strings"

	"bookring/backend/simxero/identity"
	"bookring/backend/simxero/world"
)

// granularScopes holds the scopes that every app may request, with the consent page's text for each scope. Apps
// registered from 2 March 2026 on have only granular scopes.
var granularScopes = func() map[string]string {
	all := map[string]string{
		"accounting.budgets.read":               "View your budgets",
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
	// otherFamilies are prefixes of further scopes. A client may request a scope with such a prefix only if
	// [world.Client.Scopes] lists the scope.
	otherFamilies = []string{"accounting.journals.read", "files", "assets", "projects", "payroll.", "bankfeeds", "finance.", "app.connections", "practicemanager"}
)

func scopeExists(scope string) bool {
	_, granular := granularScopes[scope]
	return granular || slices.Contains(identity.Scopes, scope) || slices.Contains(broadScopes, scope) ||
		slices.ContainsFunc(otherFamilies, func(f string) bool { return strings.HasPrefix(scope, f) })
}

func mayRequest(c *world.Client, scope string) bool {
	if slices.Contains(identity.Scopes, scope) {
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

// permissions returns the consent page's texts for the scopes of organisations.
func permissions(scopes []string) []string {
	var all []string
	for _, scope := range scopes {
		if !slices.Contains(identity.Scopes, scope) {
			all = append(all, cmp.Or(granularScopes[scope], scope))
		}
	}
	return all
}
