package pages

import (
	"fmt"
	"html"
	"math"
	"strings"
)

// The measures of a plot, in pixels.
const (
	plotWidth  = 720
	plotLeft   = 110 // of the axis, beside the names
	plotRight  = 110 // beside it, for the figures
	plotRow    = 30
	plotBottom = 34
)

// plot draws bars on a logarithmic axis, on which twice and half are equally far
// from one. It has the colours of the text around it, and says in words what it
// shows.
func plot(id, title string, bars []bar) string {
	low, high := math.Inf(1), 1.0
	for _, b := range bars {
		low, high = min(low, b.low, 1), max(high, b.high)
	}
	from, to := math.Floor(math.Log10(low)), math.Ceil(math.Log10(high))
	if to == from {
		to++
	}
	x := func(ratio float64) float64 {
		return plotLeft + (math.Log10(ratio)-from)/(to-from)*(plotWidth-plotLeft-plotRight)
	}
	var b strings.Builder
	height := len(bars)*plotRow + plotBottom
	fmt.Fprintf(&b, `<svg role="img" viewBox="0 0 %d %d" width="%d" xmlns="http://www.w3.org/2000/svg" aria-labelledby="%s-title %[4]s-text" font-size="13">`+"\n", plotWidth, height, plotWidth, id)
	fmt.Fprintf(&b, "<title id=\"%s-title\">%s</title>\n<desc id=\"%[1]s-text\">%[3]s</desc>\n", id, html.EscapeString(title), html.EscapeString(words(bars)))
	for power := from; power <= to; power++ {
		at := x(math.Pow(10, power))
		fmt.Fprintf(&b, `<path d="M%.1f 0V%d" stroke="currentColor" stroke-opacity=".3"/>`+"\n", at, len(bars)*plotRow)
		fmt.Fprintf(&b, `<text x="%.1f" y="%d" text-anchor="middle" fill="currentColor">%g×</text>`+"\n", at, height-12, math.Pow(10, power))
	}
	for i, r := range bars {
		middle := i*plotRow + plotRow/2
		fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="end" fill="currentColor">%s</text>`+"\n", plotLeft-8, middle+5, html.EscapeString(r.name))
		fmt.Fprintf(&b, `<path d="M%.1f %dH%.1f" stroke="currentColor" stroke-width="3" stroke-opacity=".6"/>`+"\n", x(r.low), middle, x(r.high))
		fmt.Fprintf(&b, `<circle cx="%.1f" cy="%d" r="6" fill="currentColor"/>`+"\n", x(r.mid), middle)
		fmt.Fprintf(&b, `<text x="%d" y="%d" fill="currentColor">%.2f×</text>`+"\n", plotWidth-plotRight+12, middle+5, r.mid)
	}
	b.WriteString("</svg>\n")
	return scrolling(title, b.String())
}

// scrolling is a picture that may be wider than a phone. What scrolls has to be
// reached by the keyboard as well (WCAG 2.2, 2.1.1).
func scrolling(label, svg string) string {
	return `<div class="scroll" role="group" tabindex="0" aria-label="` + html.EscapeString(label) + "\">\n" + svg + "</div>\n"
}

// words say what a plot shows, for readers who do not see it.
func words(bars []bar) string {
	var said []string
	for _, r := range bars {
		said = append(said, fmt.Sprintf("%s: %.2f times, between %.2f and %.2f", r.name, r.mid, r.low, r.high))
	}
	return strings.Join(said, "; ") + "."
}
