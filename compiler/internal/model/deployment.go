package model

import "strings"

// A Deployment is where a configuration says that its bundle goes. The bundle
// itself does not know: what was tested in one place is what another gets.
type Deployment struct {
	Project     string
	Environment string            // "" if none was chosen
	BaseURL     string            // without a final slash
	Store       string            // location of the object store
	Router      string            // the host that answers decisions, "serve" by default
	Decisions   string            // the address where it does, if not beside the documents
	AccountSID  string            // at Twilio
	Region      string            // of Twilio, with Edge
	Edge        string            // of Twilio, with Region
	Adopt       map[string]bool   // numbers that may be taken from a TwiML app or a trunk, in E.164
	Numbers     map[string]string // the numbers of the configuration, in E.164, by name
	Users       []DeployedUser    // who can place calls, sorted by name
}

// A DeployedUser is somebody who places calls with ivrc dial.
type DeployedUser struct {
	Name     string
	Address  string // as TwiML dials it
	CallerID string // E.164, which the called person sees; "" if the user places no calls
	Record   bool
}

// RouterBin is the router that cannot compare a value with a list.
const RouterBin = "twiml-bin"

// Deployment is what a model says of its deployment.
func (m *Model) Deployment() Deployment {
	d := m.Hosting.Deployment
	d.Project = m.Project.Name
	d.BaseURL = strings.TrimSuffix(m.Hosting.BaseURL, "/")
	d.Adopt, d.Numbers = map[string]bool{}, map[string]string{}
	for _, n := range m.Numbers {
		d.Numbers[n.Name] = n.Phone
		if n.Adopt {
			d.Adopt[n.Phone] = true
		}
	}
	for _, u := range m.Users {
		d.Users = append(d.Users, DeployedUser{u.Name, u.Dialled(), u.CallerID, u.Record})
	}
	return d
}
