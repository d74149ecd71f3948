package pipeline

import (
	"gonum.org/v1/gonum/blas/blas32"
)

func (s *Session) encode(texts []string) (blas32.General, error) {
	panic("todo")
}
