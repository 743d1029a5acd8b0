package remote

import (
	"context"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/pkg/sftp"
)

// upload puts files on another machine. Their modes stay what the server makes of new files.
type upload struct {
	ctx   context.Context
	files *sftp.Client
	log   func(remotePath, from string)
}

// text writes a file of that content.
func (u upload) text(content, remotePath string) error {
	if u.isDirectory(remotePath) {
		return fmt.Errorf("remote path %s is a directory; when using a text asset, remotePath must be a file path", remotePath)
	}
	if err := u.makeParents(remotePath); err != nil {
		return err
	}
	u.log(remotePath, "text asset")
	return u.write(strings.NewReader(content), remotePath)
}

// path copies a file or a directory. A file goes to remotePath, or into it if that is a directory. A directory goes
// into remotePath under its own name, or, if source ends in a slash, only what is in it does.
func (u upload) path(source, remotePath string) error {
	from, info, err := open(source)
	if err != nil {
		return err
	}
	defer func() { _ = from.Close() }()
	if info.IsDir() {
		if !strings.HasSuffix(source, "/") {
			remotePath = path.Join(remotePath, filepath.Base(source))
		}
		return u.directory(source, remotePath)
	}
	if u.isDirectory(remotePath) {
		remotePath = path.Join(remotePath, filepath.Base(source))
	} else if err := u.makeParents(remotePath); err != nil {
		return err
	}
	return u.file(from, info, remotePath)
}

// directory copies what is in source into remotePath. Symbolic links are followed.
func (u upload) directory(source, remotePath string) error {
	if err := u.files.MkdirAll(remotePath); err != nil {
		return fmt.Errorf("failed to create remote directory %s: %w", remotePath, err)
	}
	entries, err := os.ReadDir(source)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if err := u.ctx.Err(); err != nil {
			return err
		}
		if err := u.entry(filepath.Join(source, entry.Name()), path.Join(remotePath, entry.Name())); err != nil {
			return err
		}
	}
	return nil
}

func (u upload) entry(source, remotePath string) error {
	from, info, err := open(source)
	if err != nil {
		return err
	}
	defer func() { _ = from.Close() }()
	if info.IsDir() {
		return u.directory(source, remotePath)
	}
	return u.file(from, info, remotePath)
}

// open does not wait for the other end of a pipe.
func open(source string) (*os.File, os.FileInfo, error) {
	from, err := os.OpenFile(source, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, nil, err
	}
	info, err := from.Stat()
	if err != nil {
		_ = from.Close()
		return nil, nil, err
	}
	return from, info, nil
}

func (u upload) file(from *os.File, info os.FileInfo, remotePath string) error {
	if !info.Mode().IsRegular() {
		return fmt.Errorf("cannot copy %s: it is neither a file nor a directory", from.Name())
	}
	u.log(remotePath, "local file "+from.Name())
	return u.write(from, remotePath)
}

func (u upload) write(from io.Reader, remotePath string) error {
	to, err := u.files.Create(remotePath)
	if err != nil {
		return fmt.Errorf("failed to create remote file %s: %w", remotePath, err)
	}
	if _, err := to.ReadFrom(from); err != nil {
		_ = to.Close()
		return fmt.Errorf("failed to write remote file %s: %w", remotePath, err)
	}
	if err := to.Close(); err != nil {
		return fmt.Errorf("failed to write remote file %s: %w", remotePath, err)
	}
	return nil
}

func (u upload) makeParents(remotePath string) error {
	// Not path.Dir, which cleans: the parent of "x/" is "x", so that a path that ends in a slash is a directory.
	parent, _ := path.Split(remotePath)
	if parent = path.Clean(parent); parent == "." || parent == "/" {
		return nil
	}
	if err := u.files.MkdirAll(parent); err != nil {
		return fmt.Errorf("failed to create parent directories for %s: %w", remotePath, err)
	}
	return nil
}

func (u upload) isDirectory(remotePath string) bool {
	info, err := u.files.Stat(remotePath)
	return err == nil && info.IsDir()
}
