package results

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"lbprobe/internal/fault"
)

var typedScore = regexp.MustCompile(`^([0-9]{1,6})=([^/=]*)(?:/([^/=]*))?$`)

// ParseTyped reads scores given on the command line: 1=1.09861 is the public score of probe 1, 2=1.20112/1.19873 the public and the private score of
// probe 2. Errors name the argument.
func ParseTyped(args []string) ([]Row, error) {
	rows := make([]Row, 0, len(args))
	for _, arg := range args {
		parts := typedScore.FindStringSubmatch(arg)
		if parts == nil {
			return nil, badTyped(arg, "is not a score")
		}
		number, err := strconv.Atoi(parts[1])
		if err != nil || number == 0 {
			return nil, badTyped(arg, "has no probe number; probes count from 1")
		}
		row := Row{Probe: number, Public: parts[2], Private: parts[3]}
		for _, text := range strings.Split(parts[0][len(parts[1])+1:], "/") {
			if _, err := parseScore(text); err != nil {
				return nil, badTyped(arg, err.Error())
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func badTyped(arg, msg string) error {
	return &fault.Error{Field: fmt.Sprintf("%q", arg), Msg: msg, Usage: true,
		Fix: "Write PROBE=PUBLIC or PROBE=PUBLIC/PRIVATE, such as 1=1.09861 or 2=1.20112/1.19873"}
}
