package mapping

// sources are the libraries whose mappings are followed. What is not here is
// not looked at; a wrapper around one of these is followed within its package.
var sources = []*Source{
	{
		// LoadStdin and LoadReader are left out: what was read from a stream needs
		// no Close.
		Open:  qualified(Library, "MapFile", "MapFileIn", "MapOpenFile", "Load"),
		Close: []string{"(*" + Library + ".FileData).Close"},
		Bytes: []string{"(*" + Library + ".FileData).Bytes"},
		Share: []string{"(*" + Library + ".FileData).NewReader"},
	},
	{
		Open:  qualified("golang.org/x/exp/mmap", "Open"),
		Close: []string{"(*golang.org/x/exp/mmap.ReaderAt).Close"},
		Bytes: []string{},
	},
	goMmap("github.com/edsrzf/mmap-go"),
	goMmap("github.com/blevesearch/mmap-go"),
	system("golang.org/x/sys/unix"),
	system("syscall"),
	{
		Open:  qualified("github.com/prometheus/prometheus/tsdb/fileutil", "OpenMmapFile", "OpenMmapFileWithSize"),
		Close: []string{"(*github.com/prometheus/prometheus/tsdb/fileutil.MmapFile).Close"},
		Bytes: []string{"(*github.com/prometheus/prometheus/tsdb/fileutil.MmapFile).Bytes"},
	},
	{
		Open:  qualified("github.com/dgraph-io/ristretto/v2/z", "Mmap"),
		Close: qualified("github.com/dgraph-io/ristretto/v2/z", "Munmap"),
	},
}

// goMmap is mmap-go and its forks: a slice type whose Unmap sets it to nil.
func goMmap(pkg string) *Source {
	return &Source{Open: qualified(pkg, "Map", "MapRegion"), Close: []string{"(*" + pkg + ".MMap).Unmap"}}
}

// system is the system call itself.
func system(pkg string) *Source {
	return &Source{Open: qualified(pkg, "Mmap"), Close: qualified(pkg, "Munmap")}
}

var (
	opens   = index(func(s *Source) []string { return s.Open })
	closes  = index(func(s *Source) []string { return s.Close })
	bytes   = index(func(s *Source) []string { return s.Bytes })
	shares  = index(func(s *Source) []string { return s.Share })
	mappers = set(
		Library,
		"golang.org/x/exp/mmap",
		"github.com/edsrzf/mmap-go",
		"github.com/blevesearch/mmap-go",
		"github.com/prometheus/prometheus/tsdb/fileutil",
	)
)

func index(names func(*Source) []string) map[string]*Source {
	found := map[string]*Source{}
	for _, s := range sources {
		for _, name := range names(s) {
			found[name] = s
		}
	}
	return found
}

func qualified(pkg string, names ...string) []string {
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = pkg + "." + name
	}
	return all
}

func set(names ...string) map[string]bool {
	all := map[string]bool{}
	for _, name := range names {
		all[name] = true
	}
	return all
}

// Slice tells whether the mapping is itself the slice of its bytes.
func (s *Source) Slice() bool { return s.Bytes == nil }
