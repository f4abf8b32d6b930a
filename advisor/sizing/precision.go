package sizing

import (
	"fmt"
	"strconv"
	"strings"
)

// Arithmetic is the number format that a matrix multiplication runs in, which need not be the format of the weights.
type Arithmetic uint8

// The arithmetic formats. Weight-only formats (AWQ, GPTQ, GGUF) multiply in 16 bits.
const (
	Arith16 Arithmetic = iota
	Arith8
	Arith4
)

// Precision is a weight format as published. The zero Precision means the model's native one.
//
// Bits are effective bits per weight of the linear layers, scales and zero points included; embeddings and the
// output head have their own, since most formats leave them in 16 bits.
type Precision struct {
	Name                 string
	Bits, Embed, Head    float64
	Dense                float64 // bits of the weights that are no experts, in formats that only quantise experts; 0: Bits
	Arithmetic           Arithmetic
	GGUF                 bool // a llama.cpp file format
	WeightOnly, Integer8 bool // dequantised in the kernel; integer rather than floating 8 bits
}

// IsZero reports whether p is the zero Precision, "native".
func (p Precision) IsZero() bool { return p.Name == "" }

// String returns the name as published.
func (p Precision) String() string { return p.Name }

// The formats that servers use. AWQ and GPTQ keep one 16-bit scale and one 4-bit zero per group of 128 weights;
// NVFP4 one FP8 scale per 16 weights, MXFP4 one 8-bit exponent per 32.
var (
	BF16  = Precision{Name: "BF16", Bits: 16, Embed: 16, Head: 16}
	FP16  = Precision{Name: "FP16", Bits: 16, Embed: 16, Head: 16}
	FP8   = Precision{Name: "FP8", Bits: 8, Embed: 16, Head: 16, Arithmetic: Arith8}
	INT8  = Precision{Name: "INT8", Bits: 8.15, Embed: 16, Head: 16, WeightOnly: true, Integer8: true}
	INT4  = Precision{Name: "INT4", Bits: 4.25, Embed: 16, Head: 16, WeightOnly: true}
	AWQ   = Precision{Name: "AWQ", Bits: 4.25, Embed: 16, Head: 16, WeightOnly: true}
	FP4   = Precision{Name: "FP4", Bits: 4.5, Embed: 16, Head: 16, Arithmetic: Arith4}
	MXFP4 = Precision{Name: "MXFP4", Bits: 4.25, Embed: 16, Head: 16, Dense: 16, WeightOnly: true}
)

// gguf returns a llama.cpp format: bits of the linear layers, of the token embedding and of the output head.
func gguf(name string, bits, embed, head float64) Precision {
	return Precision{Name: name, Bits: bits, Embed: embed, Head: head, GGUF: true, WeightOnly: bits < 16}
}

// ggufFormats are llama.cpp's formats. Bits of the linear layers are set so that the file sizes of Llama-3.1-8B come out
// that llama.cpp publishes (tools/quantize/README.md), given the types that its quantiser picks for embedding and head;
// formats that the table does not list have their block's nominal bits. Other sizes of model then follow: 70B and 405B
// in Q4_K_M come out within 2 %.
var ggufFormats = []Precision{
	gguf("F16", 16, 16, 16), gguf("BF16", 16, 16, 16), gguf("F32", 32, 32, 32),
	gguf("Q8_0", 8.5, 8.5, 8.5), gguf("Q6_K", 6.5625, 6.5625, 6.5625),
	gguf("Q5_K_M", 5.63, 5.5, 6.5625), gguf("Q5_K_S", 5.5, 5.5, 6.5625), gguf("Q5_0", 5.5, 5.5, 6.5625), gguf("Q5_1", 6.0, 6.0, 6.5625),
	gguf("Q4_K_M", 4.80, 4.5, 6.5625), gguf("Q4_K_S", 4.53, 4.5, 6.5625), gguf("Q4_0", 4.5, 4.5, 6.5625), gguf("Q4_1", 5.0, 5.0, 6.5625),
	gguf("IQ4_NL", 4.56, 4.5, 6.5625), gguf("IQ4_XS", 4.31, 4.25, 6.5625),
	gguf("Q3_K_L", 4.2, 3.4375, 6.5625), gguf("Q3_K_M", 3.91, 3.4375, 6.5625), gguf("Q3_K_S", 3.44, 3.4375, 6.5625),
	gguf("IQ3_M", 3.58, 3.4375, 6.5625), gguf("IQ3_S", 3.44, 3.4375, 6.5625), gguf("IQ3_XS", 3.3, 3.4375, 6.5625), gguf("IQ3_XXS", 3.06, 2.625, 6.5625),
	gguf("Q2_K", 2.97, 2.625, 6.5625), gguf("Q2_K_S", 2.75, 2.625, 6.5625),
	gguf("IQ2_M", 2.77, 2.56, 5.5), gguf("IQ2_S", 2.5, 2.56, 5.5), gguf("IQ2_XS", 2.38, 2.625, 5.5), gguf("IQ2_XXS", 2.14, 2.625, 5.5),
	gguf("IQ1_M", 1.87, 2.625, 5.5), gguf("IQ1_S", 1.69, 2.625, 5.5),
}

// ggufMXFP4 is MXFP4 as llama.cpp's files have it: experts in MXFP4, all else in Q8_0, rows not padded.
var ggufMXFP4 = Precision{Name: "MXFP4", Bits: 4.25, Embed: 8.5, Head: 8.5, Dense: 8.5, GGUF: true, WeightOnly: true}

// serverFormats in the order of [ParsePrecision].
var serverFormats = []Precision{BF16, FP16, FP8, INT8, INT4, AWQ, FP4, MXFP4}

// precisionAliases maps spellings, folded by fold, to the names of serverFormats.
var precisionAliases = map[string]string{
	"float16": "FP16", "half": "FP16", "bfloat16": "BF16", "16bit": "BF16",
	"w8a8fp8": "FP8", "float8": "FP8", "fp8e4m3": "FP8", "fp8dynamic": "FP8",
	"gptqint8": "INT8", "gptq8bit": "INT8", "w8a16": "INT8", "int8w8a8": "INT8", "8bit": "INT8",
	"gptqint4": "INT4", "gptq": "INT4", "w4a16": "INT4", "4bit": "INT4", "bnb4bit": "INT4", "nf4": "INT4", "gptq4bit": "INT4",
	"awqint4": "AWQ", "int4awq": "AWQ", "nvfp4": "FP4",
}

func fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		}
		return -1
	}, s)
}

// ParsePrecision reads a weight format in the spelling of publishers: "FP8", "NVFP4", "INT4 AWQ", "GPTQ-Int8",
// "Q4_K_M", "EXL2 4.0bpw". Case and punctuation do not matter. Bits per weight beyond 1..32 are an error.
func ParsePrecision(s string) (Precision, error) {
	if _, inner, ok := strings.Cut(s, "("); ok { // "INT4 (Q4_K_M)" names the file format in brackets
		if p, err := ParsePrecision(strings.TrimSuffix(inner, ")")); err == nil {
			return p, nil
		}
	}
	f := fold(s)
	if name, ok := precisionAliases[f]; ok {
		f = fold(name)
	}
	for _, p := range serverFormats {
		if fold(p.Name) == f {
			return p, nil
		}
	}
	for _, p := range ggufFormats {
		if fold(p.Name) == f {
			return p, nil
		}
	}
	if bits, ok := exl2Bits(s); ok {
		return Precision{Name: "EXL2 " + strconv.FormatFloat(bits, 'f', 1, 64) + "bpw", Bits: bits, Embed: 16, Head: 6, WeightOnly: true}, nil
	}
	return Precision{}, fmt.Errorf("sizing: unknown precision %q; try BF16, FP8, FP4, INT8, INT4, MXFP4 or a GGUF name such as Q4_K_M", s)
}

// HoldsKV reports whether an engine can keep its KV cache in p: 16 bit and FP8, llama.cpp its own 8 and 4 bit formats as well.
func (p Precision) HoldsKV(e Engine) bool {
	switch p.Name {
	case "BF16", "FP16", "FP8", "F16":
		return true
	case "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "IQ4_NL", "F32":
		return e.llamaCpp()
	}
	return false
}

func exl2Bits(s string) (float64, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	s = strings.TrimLeft(strings.TrimPrefix(strings.TrimPrefix(s, "exl2"), "exl3"), " -_")
	s, ok := strings.CutSuffix(s, "bpw")
	if !ok {
		return 0, false
	}
	bits, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	return bits, err == nil && bits >= 1 && bits <= 32
}

// GGUFPrecision returns the llama.cpp format of that name; ok is false where llama.cpp has none.
func GGUFPrecision(name string) (p Precision, ok bool) {
	for _, p := range ggufFormats {
		if fold(p.Name) == fold(name) {
			return p, true
		}
	}
	return Precision{}, false
}

// FilePrecision is the format of a GGUF file with the given bits per weight over the whole file, which the header tells.
func FilePrecision(name string, bits float64) Precision {
	return Precision{Name: name, Bits: bits, Embed: bits, Head: bits, GGUF: true, WeightOnly: bits < 16}
}

// Resolved returns the precision that cfg runs in: the one that it names, or the model's native one.
func Resolved(cfg *Config) Precision { return precisionOf(cfg) }
