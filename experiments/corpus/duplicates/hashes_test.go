package duplicates

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

// TestHashesPython: fingerprints and sketches are those that testdata/hashes.py makes from the description of the format (Python 3.13).
func TestHashesPython(t *testing.T) {
	texts, sums := linesOf(t, "testdata/texts.jsonl"), linesOf(t, "testdata/texts.sums")
	for i, line := range texts {
		var text string
		if err := json.Unmarshal([]byte(line), &text); err != nil {
			t.Fatal(err)
		}
		var h hasher
		p, ok := h.sum(text)
		if ok != (strings.TrimSpace(text) != "") {
			t.Errorf("%q: tokens: %v", text, ok)
		}
		if got := fmt.Sprintf("%016x %s", p.print, hex.EncodeToString(p.sketch[:])); got != sums[i] {
			t.Errorf("%q:\n got %s\nwant %s", text, got, sums[i])
		}
	}
}

func linesOf(t *testing.T, path string) []string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
}

func written(t testing.TB, texts []string) []byte {
	t.Helper()
	var s HashSet
	for _, text := range texts {
		s.Add(text)
	}
	var b bytes.Buffer
	if _, err := s.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func read(t testing.TB, texts []string) *Hashes {
	t.Helper()
	h, err := ReadHashes(bytes.NewReader(written(t, texts)))
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// TestNearDuplicate measures the answers by the true similarity of text and prompt. Every prompt has words of its own, so that no other prompt can be
// the one that is met.
func TestNearDuplicate(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 9))
	var prompts []string
	for i := range 1000 {
		words := make([]string, 10+int(rng.ExpFloat64()*30))
		for w := range words {
			words[w] = fmt.Sprintf("p%d-%d", i, int(rng.ExpFloat64()*200))
		}
		prompts = append(prompts, strings.Join(words, " "))
	}
	h := read(t, prompts)
	var said, asked [11]int // by tenths of the similarity
	for range 30_000 {
		prompt := prompts[rng.IntN(len(prompts))]
		text := prompt
		for range 1 + rng.IntN(8) {
			text = edited(rng, text)
		}
		tenth := int(similarity(text, prompt)*10 + 1e-9)
		asked[tenth]++
		if h.NearDuplicate(text) {
			said[tenth]++
		}
	}
	for tenth, n := range asked {
		t.Logf("similarity from %.1f: near in %5d of %5d, %.4f", float64(tenth)/10, said[tenth], n, float64(said[tenth])/float64(max(n, 1)))
	}
	for tenth, most := range []float64{0, 0, 0, 0, 0.002, 0.04} {
		if float64(said[tenth]) > most*float64(asked[tenth]) {
			t.Errorf("similarity from %.1f: %d of %d are called near", float64(tenth)/10, said[tenth], asked[tenth])
		}
	}
	if above := said[8] + said[9] + said[10]; float64(above) < 0.98*float64(asked[8]+asked[9]+asked[10]) {
		t.Errorf("similarity 0.8 and more: %d of %d are called near", above, asked[8]+asked[9]+asked[10])
	}
}

func TestContains(t *testing.T) {
	h := read(t, []string{"Hello there, General", "Bonjour", "", " \n", "hello THERE,  general"})
	if h.Len() != 2 {
		t.Errorf("%d prompts, want 2", h.Len())
	}
	for text, want := range map[string]bool{" HELLO there, general\n": true, "bonjour": true, "Bonjour!": false, "": false, "hello": false} {
		if h.Contains(text) != want || h.NearDuplicate(text) != want {
			t.Errorf("%q: %v and %v, want %v", text, h.Contains(text), h.NearDuplicate(text), want)
		}
	}
	none := read(t, nil)
	if none.Len() != 0 || none.Contains("x") || none.NearDuplicate("x") || none.NearDuplicate("") {
		t.Error("an empty set knows a text")
	}
}

// TestHashesOrder: the bytes depend on the set alone.
func TestHashesOrder(t *testing.T) {
	texts := planted(rand.New(rand.NewPCG(1, 9)), 200)
	want := written(t, texts)
	rand.New(rand.NewPCG(2, 2)).Shuffle(len(texts), func(i, j int) { texts[i], texts[j] = texts[j], texts[i] })
	if !bytes.Equal(written(t, append(texts, texts[0])), want) {
		t.Error("the order of the prompts shows in the file")
	}
}

// sealed puts the checksum of the rest behind it.
func sealed(b []byte) []byte {
	sum := sha256.Sum256(b)
	return append(b[:len(b):len(b)], sum[:]...)
}

func TestDamagedHashes(t *testing.T) {
	good := written(t, []string{"one text", "another text"})
	body := good[:len(good)-sha256.Size]
	for _, c := range []struct {
		name, want string
		bytes      []byte
	}{
		{"empty", "not a file of hashes", nil},
		{"version", "not a file of hashes of version 1", sealed(bytes.Replace(body, []byte("LBPNEAR1"), []byte("LBPNEAR2"), 1))},
		{"short", "2 prompts of 72 bytes, but there are", good[:len(good)-1]},
		{"long", "2 prompts of 72 bytes, but there are", append(bytes.Clone(good), 0)},
		{"many", "prompts of 72 bytes, but there are", sealed(edit(body, 27, 0xff))},
		{"bins", "parameter 2 of its head is 65", sealed(edit(body, 12, 65))},
		{"bit", "damaged", edit(good, 40, good[40]^1)},
		{"order", "fingerprint 1 is not above the one before", sealed(edit(body, 35, 0xff))},
	} {
		if _, err := ReadHashes(bytes.NewReader(c.bytes)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

// edit is a copy with another byte.
func edit(b []byte, at int, to byte) []byte {
	b = bytes.Clone(b)
	b[at] = to
	return b
}

// FuzzReadHashes: whatever is read can be asked; a file that is written is read back. The checksum is put right, so that the fuzzer gets behind it.
func FuzzReadHashes(f *testing.F) {
	f.Add(written(f, nil), "text", true)
	f.Add(written(f, []string{"one text", "another text", "用中文写"}), "another text", false)
	f.Fuzz(func(t *testing.T, data []byte, text string, seal bool) {
		if seal && len(data) > sha256.Size {
			data = sealed(data[:len(data)-sha256.Size])
		}
		h, err := ReadHashes(bytes.NewReader(data))
		if err != nil {
			return
		}
		if h.Contains(text) && !h.NearDuplicate(text) {
			t.Errorf("%q is in the set but not near it", text)
		}
	})
}
