package recipes_test

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/mmapguard/go/mmapguard"
)

// ANCHOR: recipe

// total adds up a column. If somebody cuts the file short meanwhile, there is no
// sum of half of the rows: the error says where the file ended.
func total(name string, column int) (sum float64, err error) {
	d, err := mmapguard.MapFile(name, mmapguard.WithSequential())
	if err != nil {
		return 0, err
	}
	defer func() { _ = d.Close() }()

	rows := csv.NewReader(d.NewReader())
	rows.ReuseRecord = true
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return sum, nil
		}
		if err != nil {
			return 0, err
		}
		value, err := strconv.ParseFloat(row[column], 64)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", name, err)
		}
		sum += value
	}
}

// ANCHOR_END: recipe

func Example_csv() {
	path, remove := newFile("prices.csv", []byte("apple,1.5\npear,2\n"))
	defer remove()

	fmt.Println(total(path, 1))
	// Output: 3.5 <nil>
}
