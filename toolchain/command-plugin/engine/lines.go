package engine

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"unicode/utf8"
)

// maxLine is where a live line is cut in two, in bytes. Messages of any length would be delivered, but a command that
// never ends its line should be seen all the same.
const maxLine = 32 << 10

// maxBacklog is how many waiting lines are still sent one by one. The engine shows only the first line of a message,
// so joining lines has a price; sending each of very many has a higher one, about 0.2 ms a line.
const maxBacklog = 64

// Live shows the output of one operation while it runs. When lines arrive much faster than the engine takes them, all
// but the last are sent as one message.
type Live struct {
	host *Host
	ctx  context.Context
	urn  string

	mu      sync.Mutex
	pending []string
	sending bool
	idle    sync.Cond
}

// NewLive returns the live view of the operation on urn. Nothing is sent once ctx is done.
func (h *Host) NewLive(ctx context.Context, urn string) *Live {
	live := &Live{host: h, ctx: ctx, urn: urn}
	live.idle.L = &live.mu
	return live
}

// Line shows one line, soon.
func (l *Live) Line(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pending = append(l.pending, line)
	if !l.sending {
		l.sending = true
		go l.send()
	}
}

// Flush returns when all lines were sent.
func (l *Live) Flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.sending {
		l.idle.Wait()
	}
}

func (l *Live) send() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.pending) > 0 {
		lines := l.pending
		l.pending = nil
		l.mu.Unlock()
		if last := len(lines) - 1; last > maxBacklog {
			lines = []string{strings.Join(lines[:last], "\n"), lines[last]}
		}
		for _, message := range lines {
			l.host.Log(l.ctx, Info, l.urn, message, true)
		}
		l.mu.Lock()
	}
	l.sending = false
	l.idle.Broadcast()
}

// Lines is a writer that shows each line written to it. Close shows an unfinished last line.
type Lines struct {
	live *Live
	rest []byte
}

// NewLines returns a writer for one stream of output.
func (l *Live) NewLines() *Lines { return &Lines{live: l} }

// Write never fails.
func (w *Lines) Write(data []byte) (int, error) {
	w.rest = append(w.rest, data...)
	for {
		end := bytes.IndexByte(w.rest, '\n')
		switch {
		case end >= 0 && end <= maxLine:
			w.show(w.rest[:end])
			w.rest = w.rest[end+1:]
		case len(w.rest) > maxLine:
			cut := maxLine
			for cut > maxLine-utf8.UTFMax && !utf8.RuneStart(w.rest[cut]) {
				cut--
			}
			w.show(w.rest[:cut])
			w.rest = w.rest[cut:]
		default:
			w.rest = bytes.Clone(w.rest)
			return len(data), nil
		}
	}
}

// Close shows what is left.
func (w *Lines) Close() {
	if len(w.rest) > 0 {
		w.show(w.rest)
		w.rest = nil
	}
}

func (w *Lines) show(line []byte) { w.live.Line(string(bytes.TrimSuffix(line, []byte("\r")))) }
