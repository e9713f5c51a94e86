package property

import "pgregory.net/rapid"

var _ = rapid.Check
