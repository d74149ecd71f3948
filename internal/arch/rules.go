package arch

// module is the prefix of our own import paths.
const module = "lbprobe"

// reach is what a package may touch beyond its arguments.
type reach int

const (
	everything reach = iota // files, processes, network, clock
	files                   // streams files; no processes, network, clock or global randomness
	pure                    // not even files: io.Reader and io.Writer are all it sees
)

// room is a package's row of the table.
type room struct {
	may   []string // our packages that it may import, besides internal/ ones; "*" for all
	reach reach
}

// rooms is the table of the architecture. Every package of the module has a row, and a row may stand before its package is built. No
// stage imports experiments: the command line copies its fields into each stage's own options.
var rooms = map[string]room{
	"experiments": {[]string{"probes/metric", "experiments/corpus"}, everything},
	"experiments/corpus": {[]string{"experiments/corpus/duplicates", "experiments/corpus/language", "experiments/corpus/pii",
		"experiments/corpus/quality"}, files},
	"experiments/embed":  {nil, everything},
	"experiments/topics": {nil, pure},
	"experiments/compare": {[]string{"experiments/corpus", "experiments/corpus/duplicates", "experiments/corpus/language", "experiments/corpus/pii",
		"experiments/embed", "experiments/topics"}, files},
	"experiments/judge": {[]string{"experiments/corpus/duplicates"}, everything},

	"experiments/corpus/duplicates": {nil, pure},
	"experiments/corpus/language":   {nil, pure},
	"experiments/corpus/pii":        {nil, pure},
	"experiments/corpus/quality":    {nil, pure},

	"probes/metric":       {nil, pure},
	"probes/prior":        {nil, pure},
	"probes/channel":      {[]string{"probes/prior", "probes/metric"}, pure},
	"probes/design":       {[]string{"probes/prior", "probes/metric", "probes/channel"}, pure},
	"probes/submission":   {[]string{"probes/design", "probes/channel", "probes/metric"}, pure},
	"probes/board":        {nil, pure},
	"probes/board/sim":    {[]string{"probes/board", "probes/metric", "probes/prior"}, pure},
	"probes/board/hand":   {[]string{"probes/board", "probes/metric"}, everything},
	"probes/board/kaggle": {[]string{"probes/board", "probes/metric"}, everything},

	"results":        {nil, everything},
	"results/report": {[]string{"analysis", "results"}, pure},

	"analysis": {[]string{"results", "probes/metric", "probes/prior", "probes/design", "probes/channel", "analysis/lattice",
		"analysis/evidence"}, pure},
	"analysis/calibration": {[]string{"analysis", "results", "probes/metric", "probes/prior", "probes/design", "probes/channel",
		"analysis/lattice"}, pure},
	"analysis/lattice":  {nil, pure},
	"analysis/evidence": {[]string{"probes/metric", "probes/prior"}, pure},
	"analysis/forecast": {[]string{"analysis", "probes/metric"}, pure},
	"analysis/audit":    {[]string{"probes/metric", "probes/prior", "probes/channel", "probes/design", "probes/submission"}, pure},

	"cmd/lbprobe":         {[]string{"*"}, everything},
	"internal/calibrate":  {[]string{"*"}, everything},
	"internal/cli":        {[]string{"*"}, everything},
	"internal/arch":       {nil, files},
	"internal/atomicfile": {nil, everything},
	"internal/fault":      {nil, pure},
	"internal/golden":     {nil, everything},
	"internal/notebook": {[]string{"experiments/corpus", "experiments/corpus/duplicates", "experiments/corpus/language", "experiments/embed",
		"experiments/topics", "probes/channel", "probes/design", "probes/metric", "probes/submission", "results"}, files},
	"internal/openai":     {nil, everything},
	"internal/openaitest": {nil, everything},
	"internal/parallel":   {nil, pure},
	"internal/pipeline":   {[]string{"*"}, everything},
	"internal/svg":        {nil, pure},
	"internal/table":      {nil, pure},
	"internal/tokens":     {nil, pure},
}

// limited are the internal packages that are not everybody's.
var limited = map[string][]string{
	"internal/cli":      {"cmd/lbprobe"},
	"internal/notebook": {"internal/cli", "internal/pipeline"},
	"internal/pipeline": {"internal/cli"},
	"internal/openai":   {"experiments/embed", "experiments/judge", "internal/pipeline"},
}

// forbidden says from which reach on an import is out of bounds; sub-packages are meant too. math/rand of old and cgo are out of bounds for all,
// tests included.
var forbidden = map[string]reach{
	"C":         everything,
	"math/rand": everything,

	"net":         files,
	"os/exec":     files,
	"os/signal":   files,
	"plugin":      files,
	"syscall":     files,
	"crypto/rand": files,
	"log":         files,

	"os":            pure,
	"io/ioutil":     pure,
	"path/filepath": pure,
}

// allowed are sub-packages of forbidden ones that touch nothing.
var allowed = map[string]bool{"math/rand/v2": true, "net/netip": true, "net/url": true}

// forbiddenUse lists, by import path, the names that only a package of reach everything may use: they reach the clock, the standard streams
// or the global source of randomness.
var forbiddenUse = map[string][]string{
	"time": {"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTicker", "NewTimer", "Local", "LoadLocation"},
	"fmt":  {"Print", "Printf", "Println", "Scan", "Scanf", "Scanln"},
	// The functions of the package draw from the global source; a seeded generator is an argument.
	"math/rand/v2": {"ExpFloat64", "Float32", "Float64", "Int", "Int32", "Int32N", "Int64", "Int64N", "IntN", "N", "NormFloat64", "Perm",
		"Shuffle", "Uint", "Uint32", "Uint32N", "Uint64", "Uint64N"},
}
