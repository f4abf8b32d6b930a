package sizing

import "fmt"

// Engine is a serving engine, or a family of engines that behave alike.
type Engine uint8

// The engines. LlamaCpp stands for Ollama and LM Studio too, which run it. SingleStream stands for engines tuned for one
// user on one card (MLC, ExLlama); EagerPyTorch for transformers and servers that launch kernels one by one (vLLM before
// it compiled its graphs, DeepSpeed); LlamaCpp2024 for builds of llama.cpp before CUDA graphs and flash attention; Neuron for AWS's compiler on Inferentia and Trainium.
const (
	VLLM Engine = iota
	TensorRTLLM
	SGLang
	LlamaCpp
	LlamaCpp2024
	SingleStream
	EagerPyTorch
	Neuron
	engines // how many
)

var engineNames = [engines]string{"vllm", "trt-llm", "sglang", "llama.cpp", "llama.cpp-2024", "exllama", "transformers", "neuron"}

// String returns the engine's name as the command line takes it.
func (e Engine) String() string {
	if e >= engines {
		return "unknown"
	}
	return engineNames[e]
}

var engineAliases = map[string]Engine{
	"vllm": VLLM, "": VLLM, "trtllm": TensorRTLLM, "tensorrtllm": TensorRTLLM, "tensorrt": TensorRTLLM, "nim": TensorRTLLM,
	"sglang": SGLang, "llamacpp": LlamaCpp, "ollama": LlamaCpp, "llamabox": LlamaCpp, "lmstudio": LlamaCpp, "gguf": LlamaCpp, "koboldcpp": LlamaCpp,
	"llamacpp2024": LlamaCpp2024,
	"mlc":          SingleStream, "mlcllm": SingleStream, "exllama": SingleStream, "exllamav2": SingleStream, "exllamav3": SingleStream, "tabbyapi": SingleStream,
	"transformers": EagerPyTorch, "hf": EagerPyTorch, "autoawq": EagerPyTorch, "deepspeed": EagerPyTorch, "ctranslate": EagerPyTorch, "ctranslate2": EagerPyTorch, "tgi": VLLM, "lmdeploy": VLLM,
	"neuron": Neuron, "neuronx": Neuron, "transformersneuronx": Neuron, "nxd": Neuron,
}

// ParseEngine reads an engine's name; case and punctuation do not matter. The empty name is vLLM.
func ParseEngine(s string) (Engine, error) {
	if e, ok := engineAliases[fold(s)]; ok {
		return e, nil
	}
	return 0, fmt.Errorf("sizing: unknown engine %q; try vllm, trt-llm, sglang, llama.cpp, exllama, transformers or neuron", s)
}

// llamaCpp reports whether e is llama.cpp of any age.
func (e Engine) llamaCpp() bool { return e == LlamaCpp || e == LlamaCpp2024 }
