// Package chapters tests what the chapters of the book say, and what the documents
// say that are chapters too: every block of code is compiled, run, or compared.
package chapters
