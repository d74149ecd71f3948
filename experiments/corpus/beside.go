package corpus

// Beside are the options for a file that stands beside a corpus which is read by o: they hold for it too, unless it is of another kind – CSV, JSON lines,
// Parquet – than the corpus. Then it tells its own format, and the name of the text is borrowed. Files that cannot be looked at leave o as it is: reading them
// says what is wrong.
func (o Options) Beside(corpus, path string) Options {
	theirs, err := told(corpus)
	if err != nil {
		return o
	}
	own, err := told(path)
	if err != nil || own.kind() == theirs.kind() {
		return o
	}
	o.Format, o.Borrowed = own, true
	return o
}

// told is the format that a file tells by itself.
func told(path string) (Format, error) {
	in, err := look(path, "")
	if err != nil {
		return "", err
	}
	return in.format, in.file.Close()
}

// kind is how the rows of a format are stored, whatever stands in their cells.
func (f Format) kind() Format {
	if f == KaggleLMSYS {
		return CSV
	}
	return f
}
