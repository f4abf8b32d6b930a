package sizing

// profile is what the speed of one engine hangs on. Shares are of the data sheet's figure.
type profile struct {
	kvRead                 float64
	layerUS, expertLayerUS float64
	mfu, dequantMFU        float64
	issue                  float64 // bytes of weights a unit and clock; 0: no limit, products of many rows use the matrix units
	firstTokenMS, burst    float64
}

// profile returns the constants that hold for e. Engines differ in how kernels are launched and which they are; what
// they share is the card, so all else is shared.
func (c *Constants) profile(e Engine) profile {
	p := profile{
		kvRead: c.Stream * scattered, layerUS: c.LayerUS, expertLayerUS: c.ExpertLayerUS,
		mfu: c.MFU, dequantMFU: c.DequantMFU, firstTokenMS: c.VLLMFirstTokenMS, burst: c.Burst,
	}
	switch e {
	case TensorRTLLM:
		p.firstTokenMS = c.TRTFirstTokenMS
	case SGLang:
		p.firstTokenMS = c.SGLangFirstTokenMS
	case LlamaCpp:
		p.layerUS, p.expertLayerUS = c.LlamaLayerUS, 0
		p.mfu, p.dequantMFU, p.issue, p.burst = c.LlamaMFU, c.LlamaDequantMFU, c.LlamaIssue, oneByOne
	case LlamaCpp2024:
		p = c.profile(LlamaCpp)
		p.layerUS += c.LlamaLaunchUS
	case SingleStream:
		p.layerUS, p.issue, p.burst = c.LlamaLayerUS, c.SingleIssue, oneByOne
	case EagerPyTorch:
		p.layerUS = c.EagerLayerUS
	case Neuron:
		p.kvRead, p.layerUS, p.mfu, p.dequantMFU, p.burst = c.NeuronKVRead, c.NeuronLayerUS, c.NeuronMFU, 1, batchStartsTogether
	}
	return p
}

// Shares of the other requests whose prefill a new one waits for, where it is not fitted: engines that prefill one request
// after the other, and Neuron, whose batch starts together, so that each also waits through the decode that it delays.
const (
	oneByOne            = 1.0
	batchStartsTogether = 2.0
)
