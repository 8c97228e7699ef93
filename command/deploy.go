package command

// What all commands that deploy share: how they find Twilio and the store, the
// deploy lock, and the question before a change.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ivrc/ivrc/command/report"
	"github.com/ivrc/ivrc/compiler"
	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/terminal"
	"github.com/ivrc/ivrc/runtime/deploy"
	"github.com/ivrc/ivrc/runtime/router"
	"github.com/ivrc/ivrc/runtime/sandbox"
	"github.com/ivrc/ivrc/runtime/store"
	"github.com/ivrc/ivrc/runtime/twilio"
)

// A deployment holds the options by which a command finds Twilio and the store.
type deployment struct {
	configuration
	sandboxFile string
	store       string
	parallel    int
	lockTimeout time.Duration
	emptyStore  bool
	asJSON      bool
}

// flags declares the options that all commands with Twilio or a store share.
func (d *deployment) flags(cmd *cobra.Command) {
	d.configuration.flags(cmd)
	d.accountFlags(cmd)
	cmd.Flags().StringVar(&d.store, "store", "", "use the store at `LOCATION` rather than the hosting block's")
}

// accountFlags declares the options of commands that know the account and the store by
// the environment.
func (d *deployment) accountFlags(cmd *cobra.Command) {
	d.needed = true
	f := cmd.Flags()
	f.StringVar(&d.sandboxFile, "sandbox", "", "use an emulated account, kept in `FILE`, instead of Twilio; needs no credentials")
	f.Lookup("sandbox").NoOptDefVal = defaultSandbox
	f.BoolVar(&d.asJSON, "json", false, "write JSON")
}

// storeFlag declares the option of commands that plan a deployment.
func (d *deployment) storeFlag(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&d.emptyStore, "allow-empty-store", false, "deploy to a store without any record although numbers already point at base_url")
}

// lockFlags declares the options of commands that write.
func (d *deployment) lockFlags(cmd *cobra.Command) {
	cmd.Flags().DurationVar(&d.lockTimeout, "lock-timeout", 0, "wait for the deploy lock for a `DURATION`")
	cmd.Flags().IntVar(&d.parallel, "parallelism", 4, "change `N` numbers at the same time")
}

// defaultSandbox is where -sandbox keeps the emulated account, below the directory of
// the configuration. An environment has an account of its own, in a folder of its
// name.
const defaultSandbox = ".ivrc/sandbox.json"

// sandboxFolder is where the emulated account is, and its store.
func (s *site) sandboxFolder() string { return filepath.Join(".ivrc", s.result.Deployment.Environment) }

// A site is everything that a command needs to deploy: the bundle, the account, the
// store and the public host.
type site struct {
	*deployment
	directory string
	result    compiler.Result
	target    deploy.Target
	store     store.Store
	reader    *twilio.Reader
	public    http.RoundTripper
	emulated  *sandbox.Account
}

// open compiles the configuration and prepares to read the account and the store.
// It sends no request.
func (d *deployment) open(ctx context.Context, directory string) (*site, error) {
	result, err := d.load(ctx, directory)
	if err != nil {
		return nil, err
	}
	s := &site{deployment: d, directory: directory, result: result}
	s.target = deploy.Target{
		Project: result.Deployment.Project, Environment: result.Deployment.Environment, Adopt: result.Deployment.Adopt,
		BaseURL: bundle.CanonicalURL(result.Deployment.BaseURL), DecisionsURL: result.Deployment.Decisions,
		AllowEmptyStore: d.emptyStore, Others: s.others(),
	}
	if s.target.BaseURL == "" {
		return nil, errors.New("the configuration does not say where the bundle is served; add a hosting block: base_url = \"https://calls.example.com\"")
	}
	if err := s.openStore(ctx, result.Deployment.Store); err != nil {
		return nil, err
	}
	return s, s.openReader()
}

// openStore opens the store that -store or the configuration names. A path in the
// configuration starts from there, and one on the command line from where one is.
func (s *site) openStore(ctx context.Context, configured string) error {
	s.program.logEnvironment(s.chosen().Name)
	location, from := s.deployment.store, ""
	if location == "" {
		location, from = configured, s.directory
	}
	if s.sandboxFile != "" && (location == "" || from == s.directory && strings.Contains(location, "://")) {
		location, from = filepath.ToSlash(filepath.Join(s.sandboxFolder(), "store")), s.directory
	}
	if location == "" {
		return errors.New("there is no store: add store to the hosting block, such as \"s3://bucket/prefix\" or a directory that a web server serves, or give -store")
	}
	if path, ok := strings.CutPrefix(location, "dir:"); ok {
		location = path
	}
	if !strings.Contains(location, "://") && !filepath.IsAbs(location) {
		s.target.Store = "dir:" + filepath.ToSlash(filepath.Clean(location))
		location = s.program.path(filepath.Join(from, location))
	}
	store, err := store.Open(ctx, location, s.program.env, s.program.logged(s.program.Network))
	s.store = store
	return err
}

// others are the other environments of the configuration.
func (s *site) others() []deploy.Owner {
	var others []deploy.Owner
	for _, e := range s.result.Environments {
		if e.Name != s.result.Deployment.Environment && e.BaseURL != "" {
			others = append(others, deploy.Owner{Project: s.result.Deployment.Project, Account: e.AccountSID, Environment: e.Name, BaseURL: bundle.CanonicalURL(e.BaseURL)})
		}
	}
	return others
}

// wrongAccount is the error for credentials of another account than the one that the
// configuration is for.
func (s *site) wrongAccount(want, have string) error {
	environment := s.result.Deployment.Environment
	if environment == "" {
		return fmt.Errorf("the configuration is for the account %s, but the credentials belong to another one", want)
	}
	for _, e := range s.result.Environments {
		if e.AccountSID == have {
			return fmt.Errorf("the environment %q is in the account %s, but the credentials belong to %s, the account of the environment %q", environment, want, have, e.Name)
		}
	}
	return fmt.Errorf("the environment %q is in the account %s, but the credentials belong to another one", environment, want)
}

// openReader prepares to read the account.
func (s *site) openReader() error {
	credentials, options, err := s.access()
	if err != nil {
		return err
	}
	if want := s.result.Deployment.AccountSID; want != "" && want != credentials.Account && s.emulated == nil {
		return s.wrongAccount(want, credentials.Account)
	}
	s.target.Account = credentials.Account
	s.reader, err = twilio.OpenReader(credentials, options)
	return err
}

// access returns what is needed to reach Twilio or the emulated account.
func (s *site) access() (twilio.Credentials, twilio.Options, error) {
	options := twilio.Options{Version: version(), Parallel: s.parallel, Transport: s.program.logged(s.program.Network)}
	if s.sandboxFile == "" {
		s.public = s.program.Network
		credentials, err := twilio.CredentialsFrom(s.twilioEnv)
		return credentials, options, err
	}
	if s.emulated == nil {
		file := s.program.path(s.sandboxFile)
		if s.sandboxFile == defaultSandbox { // which is where its store is
			file = s.program.path(filepath.Join(s.directory, s.sandboxFolder(), "sandbox.json"))
		}
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return twilio.Credentials{}, options, fmt.Errorf("the emulated account cannot be kept there: %w", err)
		}
		var numbers []string
		if s.result.Bundle != nil {
			for _, n := range s.result.Bundle.Manifest.Numbers {
				numbers = append(numbers, n.PhoneNumber)
			}
		}
		account, err := sandbox.Open(file, numbers...)
		if err != nil {
			return twilio.Credentials{}, options, err
		}
		s.emulated = account
		s.public = &fakePublicHost{s.store, s.target.BaseURL, s.target.DecisionsURL}
	}
	options.Transport = s.program.logged(s.emulated)
	return twilio.Credentials{Account: sandbox.SID, User: sandbox.SID, Password: twilio.NewSecret(s.emulated.Token)}, options, nil
}

// twilioEnv returns an environment variable, or for a region what the configuration
// says.
func (s *site) twilioEnv(name string) string {
	configured := map[string]string{"TWILIO_REGION": s.result.Deployment.Region, "TWILIO_EDGE": s.result.Deployment.Edge}
	return cmp.Or(s.program.env(name), configured[name])
}

// deployer prepares to write.
func (s *site) deployer() (*deploy.Deployer, error) {
	credentials, options, err := s.access()
	if err != nil {
		return nil, err
	}
	account, err := twilio.OpenClient(credentials, options)
	if err != nil {
		return nil, err
	}
	public := s.public
	if token := s.program.env("TWILIO_AUTH_TOKEN"); public == nil && token != "" {
		public = signing{token}
	}
	return &deploy.Deployer{Account: account, Public: s.program.logged(public), Who: who(), Parallel: s.parallel, Progress: s.program.progress()}, nil
}

// signing signs requests to the public host as Twilio does, for hosts that answer
// only Twilio, such as ivrc serve.
type signing struct{ token string }

func (s signing) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("X-Twilio-Signature", router.Sign(s.token, r.URL.String()))
	return http.DefaultTransport.RoundTrip(r)
}

// who names the user and the machine, for locks and records.
func who() string {
	name, host := "somebody", "somewhere"
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	if h, err := os.Hostname(); err == nil {
		host = h
	}
	return name + "@" + host
}

// progress shows what apply does, on a terminal.
func (p *Program) progress() func(deploy.ApplyEvent) {
	return func(e deploy.ApplyEvent) {
		switch {
		case e.Error != nil:
			fmt.Fprintf(p.Stderr, "  %s %s\n", p.output().Paint(report.Red, "failed:"), terminal.Lines(e.Text))
		case e.Step == deploy.KindNumber || e.Step == deploy.KindQueue:
			fmt.Fprintf(p.Stderr, "  %s (%d of %d)\n", terminal.Lines(e.Text), e.Done, e.All)
		case p.Terminal && e.All > 0:
			fmt.Fprintf(p.doors.stderr.To, "\r  %s %d of %d", e.Step, e.Done, e.All) // the line is written over
			if e.Done == e.All {
				fmt.Fprintln(p.doors.stderr.To)
			}
		}
	}
}

// plan reads the account and the store, and makes the plan for a bundle.
func (s *site) plan(ctx context.Context, b *bundle.Bundle) (*deploy.Plan, *deploy.Live, error) {
	live, err := deploy.ReadLive(ctx, s.reader, s.store, s.target)
	if err != nil {
		return nil, nil, err
	}
	plan, problems, err := live.Plan(ctx, b)
	if err != nil {
		return nil, nil, err
	}
	if len(problems) > 0 {
		return nil, nil, &deploy.RefusedError{Reason: "this cannot be deployed:", Problems: problems}
	}
	return plan, live, nil
}

// find adds to a plan what the account says of numbers that are rung or called from.
func (s *site) find(ctx context.Context, plan *deploy.Plan, live *deploy.Live) {
	outbound := map[string]string{}
	for _, u := range s.result.Deployment.Users {
		outbound[u.Name] = u.CallerID
	}
	plan.FindCalendars(live, s.result.Bundle)
	plan.Find(ctx, live, s.reader, s.result.Bundle, outbound)
}

// locked calls a function while it holds the deploy lock.
func (s *site) locked(ctx context.Context, operation string, do func(lock *store.Lock) error) error {
	defer s.program.holding()()
	lock, err := store.AcquireLock(ctx, s.store, store.LockRequest{
		Operation: operation, Who: who(), Version: version(), Wait: s.lockTimeout,
		For: store.Holding{Project: s.target.Project, Environment: s.target.Environment, Account: s.target.Account},
		Waiting: func(held store.LockInfo) {
			fmt.Fprintf(s.program.Stderr, "Waiting for the deploy lock, which %s holds for %s…\n", terminal.Lines(held.Who), terminal.Lines(held.Operation))
		},
	})
	if err != nil {
		return err
	}
	err, unlocked := interrupted(ctx, do(lock)), lock.Release(ctx)
	if err == nil && unlocked != nil {
		return fmt.Errorf("%s is done, but its lock cannot be released, and frees itself within a minute: %w", operation, unlocked)
	}
	return errors.Join(err, unlocked)
}

// confirmed asks whether to go on, as Terraform does. Where nobody can be asked,
// or programs read the answer, the error names the option that approves.
func (d *deployment) confirmed(ctx context.Context, question, option string, input bool) error {
	p := d.program
	if !input || !p.Keyboard || d.asJSON {
		return fmt.Errorf("there is no terminal to ask on: give %s", option)
	}
	fmt.Fprintf(p.Stdout, "\n%s\n  Only 'yes' will be accepted to approve.\n\n  %s ", p.output().Paint(report.Bold, question), p.output().Paint(report.Bold, "Enter a value:"))
	select {
	case answer := <-lines(p.Stdin):
		if strings.TrimSpace(answer) == "yes" {
			return nil
		}
		return errors.New("cancelled; nothing was changed")
	case <-ctx.Done():
		fmt.Fprintln(p.Stdout)
		return &interruption{errors.New("nothing was changed")}
	}
}
