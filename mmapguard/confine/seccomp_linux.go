package confine

import (
	"errors"
	"fmt"
	"runtime"

	seccomp "github.com/elastic/go-seccomp-bpf"
	"golang.org/x/sys/unix"
)

var errAgain = errors.New("confine: the process is confined already")

// A filter is the profile in the form that the kernel takes.
type filter []seccomp.Filter

func seccompLayer() Layer {
	l := Layer{Name: seccompName}
	switch {
	case runtime.GOARCH != "amd64" && runtime.GOARCH != "arm64":
		// Others have calls by other names, without which the runtime cannot live.
		l.Missing = "the profile is for amd64 and arm64, and this is " + runtime.GOARCH
	case !seccomp.Supported():
		l.Missing = "the kernel was built without filters, or does not allow them"
	default:
		l.Active = true
	}
	return l
}

// newFilter is the profile's, and allows more calls besides.
func newFilter(more ...entry) (filter, error) {
	policies, err := policiesOf(Profile(), more...)
	if err != nil {
		return nil, fmt.Errorf("confine: the profile: %w", err)
	}
	f := make(filter, 0, len(policies))
	for _, policy := range policies {
		f = append(f, seccomp.Filter{
			NoNewPrivs: true,
			// All threads get the filter, or none and an error: without the second flag
			// a thread that cannot take it is reported by a result nobody looks at
			// (seccomp(2), SECCOMP_FILTER_FLAG_TSYNC_ESRCH, Linux 5.7).
			Flag:   seccomp.FilterFlagTSync | unix.SECCOMP_FILTER_FLAG_TSYNC_ESRCH,
			Policy: policy,
		})
	}
	return f, nil
}

// load puts the filter up, and sees that it is there.
func (f filter) load() error {
	// Several calls, and one of them is about the calling thread alone.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for i, part := range f {
		part.NoNewPrivs = i == 0 // later its call would be denied
		if err := seccomp.LoadFilter(part); err != nil {
			return err
		}
	}
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err == nil {
		return errors.Join(errors.New("the filter is loaded, and a socket can be made all the same"), unix.Close(fd))
	}
	return nil
}
