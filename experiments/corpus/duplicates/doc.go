// Package duplicates finds texts that say the same: exactly, after a normalisation, or nearly, by the Jaccard similarity of their shingles.
//
// The flow:
//
//  1. [Normalise] takes away what does not make a text another: NFKC, lower case, runs of white space. Two texts are exact duplicates if
//     nothing else tells them apart; [Fingerprint] is what is left of them in 16 bytes.
//  2. The tokens of a normalised text are its words, and each character of a script that is written without spaces (Han, kana, Thai, Lao, Khmer,
//     Burmese, Tibetan). Every run of [Options.Shingle] tokens is a shingle; a text of fewer tokens is one shingle.
//  3. A sketch samples the shingles: one-permutation hashing, repeated until no bin is empty (Dahlgaard, Knudsen and Thorup, Fast similarity
//     sketching, FOCS 2017). Two sketches agree in a bin with a chance equal to the similarity of the sets, also where the sets are far smaller
//     than the sketch.
//  4. [Index] cuts the sketch into bands, so that similar texts meet in at least one with a chance of 0.999 or more, and then counts the shingles that
//     the two really share. A pair is reported on that count alone: sketches propose, they never decide.
//
// Short texts have few shingles, and a comma changes three of them: [Words] is what such twins have in common.
//
// [Hashes] is a set of prompts as a file of hashes, for asking elsewhere whether a text or one much like it is in the set.
//
// Everything is a function of the texts and their order. There is no seed to choose.
package duplicates
