// Package outside may not use unsafe.
package outside

import "unsafe" // want `unsafe is imported outside the boundary`

// SAFETY: an argument makes it no better.
var size = unsafe.Sizeof(0)
