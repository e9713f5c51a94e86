package attack

import (
	"errors"
	"os"
)

func writeAt(o Order) error {
	f, err := os.OpenFile(o.Path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteAt(o.Data, o.Off)
	return errors.Join(err, f.Close())
}

func appendTo(o Order) error {
	f, err := os.OpenFile(o.Path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	_, err = f.Write(o.Data)
	return errors.Join(err, f.Close())
}

// replace puts another file in the place of the one there, in one step.
func replace(o Order) error {
	beside := o.Path + ".new"
	if err := os.WriteFile(beside, o.Data, 0o644); err != nil {
		return err
	}
	return os.Rename(beside, o.Path)
}

// symlink puts a link in the place of what is there, in one step.
func symlink(to, path string) error {
	beside := path + ".new"
	if err := os.Symlink(to, beside); err != nil {
		return err
	}
	return os.Rename(beside, path)
}
