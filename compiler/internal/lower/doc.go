// Package lower turns a model into documents. A model goes in, a bundle comes out:
//
//	Model ─Lower─▶ DocumentFlow ─Emit─▶ bundle
//	               sections of documents   directories named by the hashes
//	               with symbolic links     of their content
//
// Each block that a call can reach becomes a section, with a description of itself
// for plans and drawings.
package lower
