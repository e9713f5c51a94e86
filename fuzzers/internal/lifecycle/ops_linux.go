package lifecycle

// op is an operation of a sequence.
type op struct {
	name string
	do   func(w *world) error
}

// ops is what the lower seven bits of an operation's byte choose from. The order
// is part of the format of all inputs that are kept: add at the end.
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
