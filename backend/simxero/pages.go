package simxero

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"strconv"
)

//go:embed pages
var pageFiles embed.FS

// pages are the templates by name, each inside the layout. They hold no script:
// everything works with forms and links.
var pages = func() map[string]*template.Template {
	layout := template.Must(template.New("layout.html").Funcs(template.FuncMap{"count": count, "initial": initial}).
		ParseFS(pageFiles, "pages/layout.html"))
	all := map[string]*template.Template{}
	for _, name := range []string{"sign-in", "consent", "logout", "limit", "error"} {
		all[name] = template.Must(template.Must(layout.Clone()).ParseFS(pageFiles, "pages/"+name+".html"))
	}
	return all
}()

// page renders a page. Style comes from our own host only; nothing else loads.
// There is no form-action in the policy, because browsers apply it to the
// redirect to the app as well.
func page(status int, name string, view any) answer {
	var b bytes.Buffer
	if err := pages[name].Execute(&b, view); err != nil {
		panic(err) // a template that does not fit its view
	}
	return newAnswer(status, "text/html; charset=utf-8", b.Bytes()).
		with("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'").
		with("X-Frame-Options", "DENY").
		with("X-Content-Type-Options", "nosniff").
		with("Referrer-Policy", "no-referrer").
		with("Cache-Control", "no-store")
}

func styleSheet(w http.ResponseWriter, r *http.Request) {
	http.ServeFileFS(w, r, pageFiles, "pages/style.css")
}

// initial is the first letter of a name.
func initial(p Person) string {
	for _, r := range p.Name() {
		return string(r)
	}
	return "?"
}

// escape writes a text as the templates do.
func escape(text string) string { return template.HTMLEscapeString(text) }

// count says how many organisations: "1 organisation", "3 organisations".
func count(n int) string {
	if n == 1 {
		return "1 organisation"
	}
	return strconv.Itoa(n) + " organisations"
}
