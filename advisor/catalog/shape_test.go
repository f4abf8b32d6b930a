package catalog

import "testing"

// What publishers, drivers and tables of measurements call models and accelerators.
func TestShapes(t *testing.T) {
	c := Default()
	for name, want := range map[string]string{
		"Llama-3.1-8B-Instruct": "Llama-3.1-8B", "meta-llama/Meta-Llama-3-70B": "Llama-3-70B", "meta-llama/Llama-3.1-405B-Instruct-FP8": "Llama-3.1-405B",
		"mistralai/Mistral-7B-Instruct-v0.2": "Mistral-7B-v0.3", "mistralai/Mixtral-8x7B-Instruct-v0.1": "Mixtral-8x7B",
		"Qwen/Qwen2.5-72B-Instruct-AWQ": "Qwen2.5-72B", "Qwen/Qwen2-7B-Instruct-GPTQ-Int4": "Qwen2-7B", "Qwen/Qwen3-8B-FP8": "Qwen3-8B",
		"Qwen/Qwen2.5-Coder-32B-Instruct": "Qwen2.5-32B", "Qwen/QwQ-32B": "QwQ-32B", "Qwen/Qwen3-30B-A3B-Instruct-2507": "Qwen3-30B-A3B",
		"deepseek-ai/DeepSeek-R1-Distill-Llama-70B": "Llama-3.3-70B", "deepseek-ai/DeepSeek-R1-Distill-Qwen-32B": "Qwen2.5-32B",
		"deepseek-ai/DeepSeek-V2-Lite-Chat": "DeepSeek-V2-Lite", "deepseek-ai/DeepSeek-R1-0528": "DeepSeek-R1", "DeepSeek-V3-0324": "DeepSeek-V3",
		"codellama/CodeLlama-34b-Instruct-hf": "CodeLlama-34B", "codellama/CodeLlama-70b-hf": "CodeLlama-70B", "tiiuae/falcon-40b-instruct": "Falcon-40B",
		"tiiuae/falcon-180B": "Falcon-180B", "lmsys/vicuna-13b-v1.5": "Llama-2-13B", "google/gemma-2-9b-it": "Gemma-2-9B", "google/gemma-7b": "Gemma-7B",
		"microsoft/phi-2": "Phi-2", "microsoft/Phi-3-mini-4k-instruct": "Phi-3-mini", "microsoft/Phi-3.5-MoE-instruct": "Phi-3.5-MoE",
		"01-ai/Yi-34B-Chat": "Yi-34B", "databricks/dbrx-instruct": "DBRX", "bigcode/starcoder2-15b": "StarCoder2-15B", "internlm/internlm2_5-7b-chat": "InternLM2-7B",
		"baichuan-inc/Baichuan2-13B-Chat": "Baichuan2-13B", "THUDM/chatglm3-6b": "ChatGLM3-6B", "TinyLlama/TinyLlama-1.1B-Chat-v1.0": "TinyLlama-1.1B",
		"HuggingFaceTB/SmolLM2-1.7B-Instruct": "SmolLM2-1.7B", "allenai/OLMo-2-1124-13B-Instruct": "OLMo-2-13B", "CohereForAI/c4ai-command-r-v01": "Command-R-35B",
		"zai-org/GLM-4.5-Air-FP8": "GLM-4.5-Air", "moonshotai/Kimi-K2-Instruct-0905": "Kimi-K2", "openai/gpt-oss-120b": "gpt-oss-120b",
		"nvidia/Llama-3.1-Nemotron-70B-Instruct-HF": "Llama-3.1-70B", "facebook/opt-66b": "OPT-66B", "EleutherAI/gpt-j-6b": "GPT-J-6B",
		"RedHatAI/Meta-Llama-3.1-8B-Instruct-quantized.w4a16": "Llama-3.1-8B", "nvidia/Llama-3.3-70B-Instruct-FP4": "Llama-3.3-70B",
		"NousResearch/Hermes-3-Llama-3.1-8B": "Llama-3.1-8B", "Llama-2-7b-chat-hf": "Llama-2-7B", "LLaMA-65B": "Llama-1-65B",
	} {
		if got, like, ok := c.Shape(name); !ok || got.Name != want {
			t.Errorf("Shape(%q) = %q (like %q), %v; want %q", name, got.Name, like, ok, want)
		}
	}
	for _, name := range []string{"", "-", "Frobnicate-9B", "bert-base-uncased", "llama"} {
		if got, _, ok := c.Shape(name); ok {
			t.Errorf("Shape(%q) = %q", name, got.Name)
		}
	}
	if _, like, _ := c.Shape("lmsys/vicuna-7b"); like != "Llama-2-7B" {
		t.Errorf("a fine-tune is like %q", like)
	}
}

func TestAcceleratorsByDriverName(t *testing.T) {
	c := Default()
	for name, want := range map[string]string{
		"NVIDIA H100 80GB HBM3": "H100-SXM-80GB", "NVIDIA H100 PCIe": "H100-PCIE-80GB", "H100-SXM5-80GB": "H100-SXM-80GB", "NVIDIA H100 NVL": "H100-NVL-94GB",
		"A100-SXM4-40GB": "A100-SXM-40GB", "NVIDIA A100-SXM4-80GB": "A100-SXM-80GB", "NVIDIA A100-PCIE-40GB": "A100-PCIE-40GB", "NVIDIA A100 80GB PCIe": "A100-PCIE-80GB",
		"RTX A6000": "RTX A6000", "NVIDIA RTX A6000": "RTX A6000", "L4": "L4", "NVIDIA L40": "L40", "T4": "T4", "Tesla T4": "T4", "V100": "V100-SXM-32GB",
		"Tesla V100-SXM2-16GB": "V100-SXM-16GB", "Tesla V100-PCIE-16GB": "V100-PCIE-16GB", "MI300X": "MI300X", "AMD Instinct MI300X OAM": "MI300X", "H20": "H20-96GB",
		"GH200": "GH200-96GB", "B200": "B200", "NVIDIA B200 192GB": "B200", "RTX 5090": "RTX 5090", "NVIDIA GeForce RTX 3090 Ti": "RTX 3090 Ti", "M2 Ultra": "M2 Ultra (76c)",
		"Apple M4 Max": "M4 Max (40c)", "M3 Pro": "M3 Pro (18c)", "NVIDIA RTX 6000 Ada Generation": "RTX 6000 Ada", "NVIDIA RTX PRO 6000 Blackwell Server Edition": "RTX-PRO-6000",
		"Tesla P40": "Tesla P40", "NVIDIA GB200": "GB200", "Intel Gaudi 3": "Gaudi 3", "TPU v5e": "TPU v5e", "NVIDIA A10G": "A10G", "NVIDIA A10": "A10",
	} {
		if got, ok := c.Accelerator(name); !ok || got.ID != want {
			t.Errorf("Accelerator(%q) = %q, %v; want %q", name, got.ID, ok, want)
		}
	}
	for _, name := range []string{"", "GPU", "80GB", "RTX 3090 48GB", "H100 1GB", "Voodoo 2"} {
		if got, ok := c.Accelerator(name); ok {
			t.Errorf("Accelerator(%q) = %q", name, got.ID)
		}
	}
}
