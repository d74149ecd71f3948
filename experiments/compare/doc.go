// Package compare holds two sets of prompts side by side: which texts they share, exactly, nearly, but for punctuation or a name, or in meaning; what personal data one has and the
// other has not; how their lengths, languages and topics differ, and whether by more than chance.
//
// The flow:
//
//  1. [Run] reads set A once into an index of hashes (duplicates.Index); no text of it stays in memory but those with a placeholder such as NAME_1.
//  2. Set B streams past the index, row by row, and every pair is written as it is found.
//  3. Vectors, where both sets have them, give the nearest neighbour of each row of B in A by cosine.
//  4. Topics are those of a codebook that is given, or are fitted on a sample of A; both sets stream through it.
//  5. Shares get intervals (Wilson 1927), differences of shares too (Newcombe 1998, method 10), and every table of shares a chi-square test of homogeneity with Cramér's V as
//     the size of the effect.
//
// Memory is that of the index of A, about 1.3 KB a distinct prompt of 40 words, and of 12 bytes a row of either set.
package compare
