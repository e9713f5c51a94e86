// Package serve serves a book below a path, as GitHub Pages does.
package serve

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Server serves one folder.
type Server struct {
	// Base is the address of the folder, with a slash at its end.
	Base string

	server *http.Server
}

// Folder serves a folder below a path, to this machine alone. What lies above
// the path is not there: whoever asks for it has left the book.
func Folder(ctx context.Context, dir, path string) (*Server, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("serving %s: %w", dir, err)
	}
	mux := http.NewServeMux()
	mux.Handle(path, http.StripPrefix(path, folder(dir)))
	s := &Server{
		Base:   "http://" + listener.Addr().String() + path,
		server: &http.Server{Handler: mux, ReadHeaderTimeout: time.Minute},
	}
	go func() {
		if err := s.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			panic(err) // the listener is our own: nothing closes it but Close
		}
	}()
	return s, nil
}

// folder serves its files. http.FileServer would send those who ask for an
// index.html to its folder, which GitHub Pages does not.
type folder string

func (f folder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Path
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	file, err := os.OpenInRoot(string(f), filepath.FromSlash(name))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	defer file.Close() //nolint:errcheck // it was only read
	if info, err := file.Stat(); err != nil || info.IsDir() {
		http.NotFound(w, r)
		return
	}
	http.ServeContent(w, r, name, time.Time{}, file)
}

// Close ends the server. Connections that idle browsers keep are closed, too.
func (s *Server) Close() { _ = s.server.Close() }
