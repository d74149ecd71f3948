package results

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
)

// stamp is what stages.json remembers of one stage.
type stamp struct {
	Inputs  string            `json:"inputs"`            // hash of all that the stage read
	Outputs map[string]string `json:"outputs,omitempty"` // place in the run folder → SHA-256
}

const stagesFile = "stages.json"

// Fresh tells whether the stage was done with inputs of this hash and its outputs still stand as it left them. Where in doubt, it is not.
func (f *Folder) Fresh(stage, hash string) bool {
	done, ok := f.stamps()[stage]
	if !ok || done.Inputs != hash {
		return false
	}
	for place, sum := range done.Outputs {
		if now, err := HashFile(f.Path(filepath.FromSlash(place))); err != nil || now != sum {
			return false
		}
	}
	return true
}

// Done remembers that the stage was done with inputs of this hash and left these outputs, slash-separated places in the run folder. Of two
// processes that finish stages at the same moment one may be forgotten: that stage is then redone.
func (f *Folder) Done(stage, hash string, outputs ...string) error {
	done := stamp{Inputs: hash, Outputs: map[string]string{}}
	for _, place := range outputs {
		sum, err := HashFile(f.Path(filepath.FromSlash(place)))
		if err != nil {
			return fmt.Errorf("stage %s: %w", stage, err)
		}
		done.Outputs[place] = sum
	}
	all := f.stamps()
	all[stage] = done
	return f.WriteJSON(stagesFile, all)
}

// stamps reads stages.json; a file that is missing or cannot be read means that every stage is to be redone.
func (f *Folder) stamps() map[string]stamp {
	all := map[string]stamp{}
	data, err := os.ReadFile(f.Path(stagesFile))
	if err != nil {
		return all
	}
	if json.Unmarshal(data, &all) != nil || all == nil {
		return map[string]stamp{}
	}
	return all
}

// HashFile is the SHA-256 of a file's bytes in hexadecimal digits.
func HashFile(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return "", fmt.Errorf("read %s: %w", path, err)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// HashOf is the hash of a stage's inputs: named texts, such as settings and hashes of files. Order does not matter.
func HashOf(inputs map[string]string) string {
	names := make([]string, 0, len(inputs))
	for name := range inputs {
		names = append(names, name)
	}
	sort.Strings(names)
	sum := sha256.New()
	for _, name := range names {
		fmt.Fprintf(sum, "%d:%s=%d:%s;", len(name), name, len(inputs[name]), inputs[name])
	}
	return hex.EncodeToString(sum.Sum(nil))
}
