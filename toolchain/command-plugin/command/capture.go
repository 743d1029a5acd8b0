package command

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"sync"

	"logos/command-plugin/engine"
)

// The values of logging that show something live. Any other value shows nothing.
const (
	showBoth   = "stdoutAndStderr"
	showStdout = "stdout"
	showStderr = "stderr"
)

// Capture keeps what a command writes, and shows it live.
type Capture struct {
	Stdout, Stderr io.Writer

	job            Job
	live           *engine.Live
	mu             sync.Mutex
	stdout, stderr bytes.Buffer
	mixed          bytes.Buffer // both streams, in the order in which they came
	shown          []*engine.Lines
}

// NewCapture returns an empty capture of job.
func NewCapture(job Job, live *engine.Live) *Capture {
	capture := &Capture{job: job, live: live}
	capture.Stdout = capture.stream(&capture.stdout, job.Logging == showBoth || job.Logging == showStdout)
	capture.Stderr = capture.stream(&capture.stderr, job.Logging == showBoth || job.Logging == showStderr)
	return capture
}

func (c *Capture) stream(kept *bytes.Buffer, show bool) io.Writer {
	writers := []io.Writer{kept, &c.mixed}
	if show {
		lines := c.live.NewLines()
		c.shown = append(c.shown, lines)
		writers = append(writers, lines)
	}
	return &locked{mu: &c.mu, to: io.MultiWriter(writers...)}
}

// Finish returns the output of a command that ended with err. The error tells the text and all output, unless the text
// is secret. Where ctx is done its cause is the reason that counts.
func (c *Capture) Finish(ctx context.Context, err error) (Output, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, lines := range c.shown {
		lines.Close()
	}
	c.live.Flush()
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		text := fmt.Sprintf("%q", c.job.Text)
		if c.job.SecretText {
			text = "[secret]"
		}
		return Output{}, fmt.Errorf("%w: running %s:\n%s", err, text, c.mixed.String())
	}
	return Output{
		Stdout: strings.TrimSuffix(c.stdout.String(), "\n"),
		Stderr: strings.TrimSuffix(c.stderr.String(), "\n"),
	}, nil
}

type locked struct {
	mu *sync.Mutex
	to io.Writer
}

func (w *locked) Write(data []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.to.Write(data)
}
