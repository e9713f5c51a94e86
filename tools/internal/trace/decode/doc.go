// Package decode turns what a thread hands to the kernel into words.
package decode
