package submission

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// ProbeScript is probe.py, which writes a probe in the rerun of a code competition, as it stands before [Bundle.WriteProbe] fills it in. It also
// runs a user's embed.py, here and there: see its --encode.
//
//go:embed probe.py
var ProbeScript []byte

// Bundle is what a code competition takes in place of submissions: a data set that stays as it is for all probes of a design, and a notebook of
// which one line changes from probe to probe.
type Bundle struct {
	Experiment string   // name of the experiment
	Owner      string   // Kaggle user name
	Slug       string   // of the competition
	Sources    []string // further data sets, owner/name, and models, owner/model/framework/variation/version
	GPU        bool     // whether the notebook asks for one
	Manifest   string   // SHA-256 of the data set's manifest.json
}

// ID is the id of both the data set and the notebook on Kaggle, which keeps the two apart.
func (b Bundle) ID() string { return b.Owner + "/" + b.title() }

func (b Bundle) title() string { return "lbprobe-" + b.Experiment } // at most 48 characters of the 50 that Kaggle takes

// WriteDatasetMetadata writes dataset-metadata.json, for `kaggle datasets create`.
func (b Bundle) WriteDatasetMetadata(w io.Writer) error {
	type licence struct {
		Name string `json:"name"`
	}
	return writeJSON(w, struct {
		Title    string    `json:"title"`
		ID       string    `json:"id"`
		Licenses []licence `json:"licenses"`
	}{b.title(), b.ID(), []licence{{"other"}}})
}

// WriteKernelMetadata writes kernel-metadata.json, for `kaggle kernels push`. The notebook is private and has no internet.
func (b Bundle) WriteKernelMetadata(w io.Writer) error {
	datasets, models := []string{b.ID()}, []string{}
	for _, source := range b.Sources {
		if strings.Count(source, "/") > 1 {
			models = append(models, source)
		} else {
			datasets = append(datasets, source)
		}
	}
	return writeJSON(w, struct {
		ID           string   `json:"id"`
		Title        string   `json:"title"`
		CodeFile     string   `json:"code_file"`
		Language     string   `json:"language"`
		KernelType   string   `json:"kernel_type"`
		Private      bool     `json:"is_private"`
		GPU          bool     `json:"enable_gpu"`
		TPU          bool     `json:"enable_tpu"`
		Internet     bool     `json:"enable_internet"`
		Datasets     []string `json:"dataset_sources"`
		Competitions []string `json:"competition_sources"`
		Kernels      []string `json:"kernel_sources"`
		Models       []string `json:"model_sources"`
	}{b.ID(), b.title(), "probe.py", "python", "script", true, b.GPU, false, false, datasets, []string{b.Slug}, []string{}, models})
}

// The lines of probe.py that are filled in, as they stand in the file.
const (
	emptyOrder = "PROBE, SCORES = 1, {}\n"
	emptyNames = "EXPERIMENT, COMPETITION, MANIFEST = \"\", \"\", \"\"\n"
)

// WriteProbe writes probe.py for one probe, given the scores of those before it as the board shows them.
func (b Bundle) WriteProbe(w io.Writer, probe int, scores map[int]string) error {
	names := fmt.Sprintf("EXPERIMENT, COMPETITION, MANIFEST = %q, %q, %q\n", b.Experiment, b.Slug, b.Manifest)
	text := bytes.Replace(ProbeScript, []byte(emptyNames), []byte(names), 1)
	text = bytes.Replace(text, []byte(emptyOrder), []byte(ProbeLine(probe, scores)+"\n"), 1)
	_, err := w.Write(text)
	return err
}

// ProbeLine is the line of probe.py that says which probe to write: PROBE, SCORES = 2, {1: "1.099"}.
func ProbeLine(probe int, scores map[int]string) string {
	known := make([]string, 0, len(scores))
	for _, n := range slices.Sorted(maps.Keys(scores)) {
		known = append(known, fmt.Sprintf("%d: %s", n, strconv.Quote(scores[n])))
	}
	return fmt.Sprintf("PROBE, SCORES = %d, {%s}", probe, strings.Join(known, ", "))
}

// Entry is the line of the manifest of one of the bundle's probes. Its file is written in the rerun, where nobody can hash it: the hash is that of
// the data set and the number, which decide what it will hold.
func (b Bundle) Entry(number int) Entry {
	sum := sha256Hex(fmt.Appendf(nil, "%s probe %d", b.Manifest, number))
	return Entry{number, FileName(b.Experiment, number), sum, Tag(b.Experiment, number, sum)}
}

// writeJSON writes indented JSON.
func writeJSON(w io.Writer, value any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(value)
}
