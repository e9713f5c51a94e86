package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// The names of the hidden commands that play the parts.
const (
	ReaderRole = "demo-reader"
	WriterRole = "demo-writer"
)

// fileName is short because the readers' errors contain it; the processes run in
// its directory.
const fileName = "data"

// try plays one row: a reader, and in the middle of it a writer.
func (c Config) try(ctx context.Context, way, dir string) (Row, error) {
	row := Row{Reader: way}
	if err := makeFile(filepath.Join(dir, fileName)); err != nil {
		return row, err
	}
	r, err := c.startReader(ctx, way, dir)
	if err != nil {
		return row, err
	}
	opened := new(Opened)
	if err := r.said.Decode(opened); err != nil {
		return row, fmt.Errorf("%s: the reader did not get as far as opening: %w", way, errors.Join(err, r.end()))
	}
	if opened.Failure != "" {
		row.Outcome, row.Reason = Unavailable, opened.Failure
		return row, r.end()
	}
	row.Opened = opened
	if row.Writer, err = c.write(ctx, dir); err != nil {
		return row, errors.Join(err, r.end())
	}
	return r.finish(ctx, row)
}

// reader is the process that reads.
type reader struct {
	cmd    *exec.Cmd
	goOn   io.Closer // the reader waits for the end of its input
	said   *json.Decoder
	stderr bytes.Buffer
}

func (c Config) startReader(ctx context.Context, way, dir string) (*reader, error) {
	r := &reader{cmd: c.Self(ctx, ReaderRole, way, fileName)}
	r.cmd.Dir = dir
	// A death needs no stack trace, and must not become a core dump.
	r.cmd.Env = append(os.Environ(), "GOTRACEBACK=none")
	r.cmd.Stderr = &r.stderr
	stdin, err := r.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := r.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	r.goOn, r.said = stdin, json.NewDecoder(stdout)
	return r, r.cmd.Start()
}

// end lets the reader go on to its end, and tells if that was a bad one.
func (r *reader) end() error {
	_ = r.goOn.Close() // fails only if the reader is dead, and Wait tells that
	if err := r.cmd.Wait(); err != nil {
		return fmt.Errorf("%w: %s", err, bytes.TrimSpace(r.stderr.Bytes()))
	}
	return nil
}

// finish lets the reader read, and tells what came of it.
func (r *reader) finish(ctx context.Context, row Row) (Row, error) {
	_ = r.goOn.Close() // fails only if the reader is dead, and the next line tells that
	row.Seen = new(Seen)
	heard := r.said.Decode(row.Seen)
	ended := r.cmd.Wait()
	switch {
	case ctx.Err() != nil:
		return row, fmt.Errorf("%s: %w", row.Reader, ctx.Err())
	case ended == nil && heard == nil:
		row.Outcome = Survived
	default:
		row.Outcome, row.Seen = Died, nil
		row.Signal, row.Reason = causeOfDeath(r.cmd.ProcessState, r.stderr.String())
	}
	return row, nil
}

// write lets another process truncate the file. If that takes too long the
// process is ended and the report says so: the reader is what counts.
func (c Config) write(ctx context.Context, dir string) (*Writer, error) {
	patience, cancel := context.WithTimeout(ctx, writerPatience)
	defer cancel()
	start := time.Now()
	cmd := c.Self(patience, WriterRole, fileName)
	cmd.Dir = dir
	out, err := cmd.Output()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if patience.Err() != nil {
		return &Writer{Took: time.Since(start), Error: fmt.Sprintf("still waiting after %v", writerPatience)}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the writer failed: %w", err)
	}
	w := new(Writer)
	return w, json.Unmarshal(out, w)
}
