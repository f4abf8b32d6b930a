package pricing

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// ErrShape is wrapped by the errors of [Read] for bytes that are no feed that it knows.
var ErrShape = errors.New("not a price feed that llmadvise knows")

// Read recognises the shape of a feed from its bytes and reads it. name is the provider of a feed whose rows do not
// say (a SkyPilot catalog is one file a cloud); other shapes ignore it. Prices that are no numbers are kept as
// unreadable and told apart later, so one bad cell costs one price; only bytes that are no feed at all are an error.
func Read(data []byte, name string) (*Feed, error) {
	shape, data, err := detect(data)
	if err != nil {
		return nil, err
	}
	return readAs(shape, data, name)
}

// ReadPublic is [Read] for bytes from the network, which may not hold negotiated prices: those win over all others.
func ReadPublic(data []byte, name string) (*Feed, error) {
	shape, data, err := detect(data)
	if err != nil {
		return nil, err
	}
	if shape == Override {
		return nil, fmt.Errorf("%w: it looks like negotiated prices, which are not taken from the network", ErrShape)
	}
	return readAs(shape, data, name)
}

func readAs(shape Shape, data []byte, name string) (*Feed, error) {
	var f *Feed
	var err error
	switch shape {
	case GenAIPrices:
		f, err = readGenAI(data)
	case LiteLLM:
		f, err = readLiteLLM(data)
	case OpenRouter:
		f, err = readOpenRouter(data)
	case LLMPrices:
		f, err = readLLMPrices(data)
	case SkyPilot:
		f, err = readSkyPilot(data, name)
	case AzureRetail:
		f, err = readAzure(data)
	case Override:
		f, err = readOverride(data)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: read as %s: %w", ErrShape, shape, err)
	}
	if len(f.Entries) == 0 {
		return nil, fmt.Errorf("%w: it looks like %s but prices nothing", ErrShape, shape)
	}
	return f, nil
}

// Detect names the shape of a feed.
func Detect(data []byte) (Shape, error) {
	s, _, err := detect(data)
	return s, err
}

func detect(data []byte) (Shape, []byte, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	trimmed := bytes.TrimSpace(data)
	if len(trimmed) == 0 {
		return "", nil, fmt.Errorf("%w: it is empty", ErrShape)
	}
	switch trimmed[0] {
	case '[':
		s, d, err := detectArray(quoteNonFinite(trimmed))
		return s, d, err
	case '{':
		s, d, err := detectObject(quoteNonFinite(trimmed))
		return s, d, err
	case '<':
		return "", nil, fmt.Errorf("%w: it is a web page (HTML), probably an error page of the server", ErrShape)
	}
	return detectText(trimmed)
}

// detectText tells the shapes that are not JSON by how they begin.
func detectText(data []byte) (Shape, []byte, error) {
	line, _, _ := bytes.Cut(data, []byte("\n"))
	if bytes.Contains(line, []byte("InstanceType")) && bytes.Contains(line, []byte("AcceleratorName")) {
		return SkyPilot, data, nil
	}
	for l := range bytes.Lines(data) {
		if bytes.HasPrefix(l, []byte("prices:")) || bytes.HasPrefix(l, []byte("gpus:")) {
			return Override, data, nil
		}
	}
	return "", nil, fmt.Errorf("%w: it knows genai-prices, LiteLLM, OpenRouter, llm-prices.com, SkyPilot's vms.csv, Azure's retail prices and its own negotiated prices", ErrShape)
}

func detectArray(data []byte) (Shape, []byte, error) {
	if !json.Valid(data) {
		return "", nil, fmt.Errorf("%w: the JSON is broken or cut short", ErrShape)
	}
	var list []struct {
		ID     *string          `json:"id"`
		Models *json.RawMessage `json:"models"`
	}
	if err := json.Unmarshal(data, &list); err != nil || len(list) == 0 || list[0].ID == nil || list[0].Models == nil {
		return "", nil, fmt.Errorf("%w: a JSON list, but not of providers with models", ErrShape)
	}
	return GenAIPrices, data, nil
}

func detectObject(data []byte) (Shape, []byte, error) {
	if !json.Valid(data) {
		return "", nil, fmt.Errorf("%w: the JSON is broken or cut short", ErrShape)
	}
	shape, looked := Shape(""), 0
	err := eachMember(data, func(m member) bool {
		looked++
		switch {
		case m.name == "Items" && bytes.Contains(m.value, []byte(`"retailPrice"`)):
			shape = AzureRetail
		case m.name == "prices" && bytes.Contains(m.value, []byte(`"vendor"`)):
			shape = LLMPrices
		case m.name == "data" && bytes.Contains(m.value, []byte(`"pricing"`)):
			shape = OpenRouter
		case bytes.Contains(m.value, []byte(`"litellm_provider"`)):
			shape = LiteLLM
		}
		return shape == "" && looked < 1000
	})
	if err != nil {
		return "", nil, fmt.Errorf("%w: %w", ErrShape, err)
	}
	if shape != "" {
		return shape, data, nil
	}
	return "", nil, fmt.Errorf("%w: a JSON object without a field that tells its kind", ErrShape)
}
