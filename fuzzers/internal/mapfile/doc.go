// Package mapfile opens files of any contents and size with any options, and
// compares with os.ReadFile and io.SectionReader.
package mapfile
