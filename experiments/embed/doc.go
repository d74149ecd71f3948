// Package embed turns texts into the float32 vectors that topics are made of: one row a text, as a gonum blas32.General.
//
// Vectors come from one of three places:
//
//   - OpenNPY maps a .npy file that the user made with any model, checks it, and CheckIDs checks that its rows are the rows meant.
//   - FitTFIDF learns TF-IDF of words and letter sequences with a truncated SVD from the texts themselves. It needs no weights,
//     works in any language, and is frozen with WriteTo, so that ReadTFIDF embeds later texts bit for bit alike.
//   - Endpoint asks a model behind an OpenAI-compatible endpoint, batch by batch, and pays for none twice.
//
// Another embedder need only do what TFIDF does: Embed texts, say its Dim, and write itself down.
package embed
