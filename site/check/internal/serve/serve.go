// Package serve serves a book below a path, as GitHub Pages does.
package serve

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
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
	mux.Handle(path, http.StripPrefix(path, http.FileServer(http.Dir(dir))))
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

// Close ends the server. Connections that idle browsers keep are closed, too.
func (s *Server) Close() { _ = s.server.Close() }
