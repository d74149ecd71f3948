package cli

import (
	"bytes"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"lbprobe/internal/openaitest"
)

// lbprobe runs the test binary as the command, in a folder.
func lbprobe(t *testing.T, dir string, args ...string) (cmd *exec.Cmd, output *bytes.Buffer) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	output = &bytes.Buffer{}
	cmd = exec.Command(self, args...)
	cmd.Args[0], cmd.Dir, cmd.Stdout, cmd.Stderr = "lbprobe", dir, output, output
	cmd.Env = append(os.Environ(), "ARENA_KEY="+arenaKey)
	return cmd, output
}

// A thousand rows, and the process killed twice in the middle: what was answered is never asked again, what was in flight is, and the result is that of
// a run that nobody has disturbed.
func TestJudgeKilled(t *testing.T) {
	const rows, inFlight = 1001, 8 // the first row is too short to be judged
	s := openaitest.Start(t, sound)
	dir := t.TempDir()
	if err := writeArena(dir, rows); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "arena.toml")
	if err := os.WriteFile(path, []byte(strings.Replace(arenaTOML, "ENDPOINT", s.URL, 1)), 0o666); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var running *exec.Cmd
	s.Before = func(n int, _ http.ResponseWriter, _ openaitest.Request) bool {
		if n == 600 || n == 1300 {
			mu.Lock()
			defer mu.Unlock()
			_ = running.Process.Kill() // SIGKILL; the process is not waited for yet, so it is there
		}
		return false
	}
	for run := range 3 {
		cmd, output := lbprobe(t, dir, "judge", "arena.toml")
		mu.Lock()
		err := cmd.Start()
		running = cmd
		mu.Unlock()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); (err == nil) != (run == 2) {
			t.Fatalf("run %d: %v\n%s", run, err, output)
		}
	}
	twice, asked := 0, map[string]int{}
	for _, r := range s.Received() {
		asked[r.Body]++
	}
	for body, n := range asked {
		if n > 3 {
			t.Errorf("asked %d times: %.80s", n, body)
		}
		twice += n - 1
	}
	if len(asked) != 2*(rows-1) || twice > 2*inFlight {
		t.Errorf("%d different questions, %d asked again", len(asked), twice)
	}
	killed := readFile(t, filepath.Join(dir, "results", "arena", "judge", "targets.csv"))
	if n := strings.Count(killed, "\n"); n != rows {
		t.Errorf("targets.csv has %d lines", n)
	}
	before := len(s.Received())
	cmd, output := lbprobe(t, dir, "judge", "arena.toml")
	if err := cmd.Run(); err != nil || !strings.Contains(output.String(), "2000 questions are answered already") || len(s.Received()) != before {
		t.Errorf("a further run asks: %v\n%s", err, output)
	}
	t.Logf("%d questions, %d of them asked again after two kills", len(asked), twice)
	calm := filepath.Join(dir, "calm")
	cmd, output = lbprobe(t, dir, "judge", "arena.toml", "--results", calm)
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	if undisturbed := readFile(t, filepath.Join(calm, "arena", "judge", "targets.csv")); undisturbed != killed {
		t.Error("the targets are not those of an undisturbed run")
	}
	if files := holds(dir, arenaKey); files != nil {
		t.Errorf("the key is in %v", files)
	}
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
