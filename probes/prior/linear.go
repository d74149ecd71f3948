package prior

// Linear puts n·score = Σ_kg loss_kg x_kg + (losses of unseen rows) into the coordinates of a point z: row·z = target + (those losses,
// negated). loss is topics × groups. Where n is known it is a number in target; where not, it is a coordinate or the sum of all.
func (m *Model) Linear(loss [][]float64, score float64) (row []float64, target float64) {
	row = make([]float64, 0, m.Dim()+1)
	for i := range m.topics {
		row = append(row, loss[m.topics[i].index]...)
	}
	n := float64(m.spec.Public[0])
	switch {
	case m.latent && m.known:
		return row, n * score
	case m.latent:
		return append(row, -score), 0
	case !m.known:
		for i := range row {
			row[i] -= score
		}
		return row, 0
	}
	last := row[len(row)-1] // x_last = n − Σ others
	row = row[:len(row)-1]
	for i := range row {
		row[i] -= last
	}
	return row, n * (score - last)
}

// Unseen returns mean and variance of a topic's public rows that no unknown counts.
func (m *Model) Unseen(k int) (mean, variance float64) {
	t := m.topic(k)
	if t == nil || t.unseen == 0 {
		return 0, 0
	}
	seen := t.shares()[0]
	unseen := 1 - seen
	return t.mean * unseen, t.classScale(t.mean, t.variance)*seen*unseen + t.variance*unseen*unseen
}
