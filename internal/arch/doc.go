// Package arch holds the shape of the program: which package may import which, and which keep their hands off files, network, clock and
// global randomness. Its tests read the source of the whole module, so that a line in the wrong room fails the build. A better cut is made in
// rules.go, in the same commit as the code and the README's map.
package arch
