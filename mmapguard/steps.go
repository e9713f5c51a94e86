package mmapguard

// openStep names a moment of an opening at which the outside world may strike.
type openStep int

const (
	beforeLock openStep = iota
	afterLock
	beforeMap
	afterMap
	afterCopy
	beforeSeal
	beforeNextSeal
	beforeRescue
	beforeDrop
)

// step is where the tests of races let another process strike at a given
// moment; outside of tests it does nothing.
var step = func(openStep) {}
