package pipeline

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// Machine is what lbprobe finds to work with.
type Machine struct {
	Client        Client    `json:"client"`
	Credentials   bool      `json:"credentials"` // they are there; nobody has read them
	Clock         time.Time `json:"clock"`
	UntilMidnight string    `json:"until_midnight"` // UTC, when a day's quota begins anew
}

// Client is the command line client of Kaggle. It is not needed where uploads are made by hand.
type Client struct {
	Path    string `json:"path"`
	Version string `json:"version"`
	Remark  string `json:"remark"`
}

// LookAround looks at the machine. It reads no credentials and uses no network.
func LookAround(ctx context.Context, now func() time.Time) Machine {
	clock := now().UTC()
	midnight := clock.Truncate(24 * time.Hour).Add(24 * time.Hour)
	return Machine{Client: findClient(ctx), Credentials: credentials(), Clock: clock.Truncate(time.Second),
		UntilMidnight: midnight.Sub(clock).Truncate(time.Minute).String()}
}

var clientVersion = regexp.MustCompile(`[0-9]+\.[0-9]+(\.[0-9]+)*`)

// findClient asks the kaggle client for its version.
func findClient(ctx context.Context) Client {
	path, err := exec.LookPath("kaggle")
	if err != nil {
		return Client{Remark: "no kaggle client on the PATH; scores can be typed, or: pip install kaggle==2.2.4 six"}
	}
	c := Client{Path: path}
	ctx, stop := context.WithTimeout(ctx, 20*time.Second)
	defer stop()
	text, err := exec.CommandContext(ctx, path, "--version").CombinedOutput()
	if c.Version = clientVersion.FindString(string(text)); err == nil && c.Version != "" {
		c.Remark = "kaggle " + c.Version + ", " + path
		return c
	}
	c.Version = ""
	c.Remark = path + " does not start"
	if strings.Contains(string(text), "No module named 'six'") {
		c.Remark += ": it lacks a module. Run: pip install six"
	}
	return c
}

// credentials tells whether the client has something to log in with: names of variables and files are looked at, never what they hold.
func credentials() bool {
	_, token := os.LookupEnv("KAGGLE_API_TOKEN")
	_, user := os.LookupEnv("KAGGLE_USERNAME")
	_, key := os.LookupEnv("KAGGLE_KEY")
	if token || user && key {
		return true
	}
	dirs := []string{os.Getenv("KAGGLE_CONFIG_DIR")}
	if home, err := os.UserHomeDir(); err == nil {
		dirs = append(dirs, filepath.Join(home, ".kaggle"), filepath.Join(home, ".config", "kaggle"))
	}
	for _, dir := range dirs {
		for _, name := range []string{"kaggle.json", "access_token", "credentials.json"} {
			if _, there := existing(filepath.Join(dir, name)); dir != "" && there {
				return true
			}
		}
	}
	return false
}
