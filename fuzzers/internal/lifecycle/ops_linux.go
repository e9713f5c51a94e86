package lifecycle

// often are the operations that others need before them, of which the bytes below
// opsFrom choose one each: most bytes would mean an operation without an object.
var often = []byte{0, 1, 1, 3, 3, 4, 4, 5, 7, 8, 9, 2}

// opsFrom leaves the letters to the other operations.
const opsFrom = 64

// op is an operation of a sequence.
type op struct {
	name string
	do   func(w *world) error
}

// ops is what the lower seven bits of an operation's byte choose from, from
// opsFrom on. The order is part of the format of all inputs that are kept: add at
// the end.
var ops = []op{
	{"open", (*world).open},
	{"open-plain", (*world).openPlain},
	{"read-at", onHandle((*world).readAt)},
	{"view", onHandle((*world).view)},
	{"touch", (*world).touch},
	{"leave", (*world).leaveView},
	{"abandon", (*world).abandonViews},
	{"close", onHandle((*world).close)},
	{"truncate", (*world).truncate},
	{"write", (*world).write},
	{"append", (*world).appendBytes},
	{"rewrite", (*world).rewrite},
	{"punch", (*world).punch},
	{"replace", (*world).replace},
	{"unlink", (*world).unlink},
	{"create", (*world).createFile},
	{"hold", (*world).hold},
	{"map", (*world).mapWritable},
	{"store", (*world).store},
	{"lock-shared", (*world).lockShared},
	{"lock-exclusive", (*world).lockExclusive},
	{"lease-read", (*world).leaseRead},
	{"lease-write", (*world).leaseWrite},
	{"release", (*world).releaseSlot},
	{"read", onHandle((*world).read)},
	{"read-byte", onHandle((*world).readByte)},
	{"seek", onHandle((*world).seek)},
	{"write-to", onHandle((*world).writeTo)},
	{"write-to-file", onHandle((*world).writeToFile)},
	{"bytes", onHandle((*world).takeBytes)},
	{"changed", onHandle((*world).changed)},
	{"describe", onHandle((*world).describe)},
	{"scribble", (*world).scribble},
	{"collect", onHandle((*world).collect)},
}

// choose is the operation of a byte.
func choose(b byte) op {
	b &= 0x7f
	if b < opsFrom {
		return ops[often[int(b)%len(often)]]
	}
	return ops[int(b-opsFrom)%len(ops)]
}
