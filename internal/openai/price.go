package openai

import "strings"

// Rates are the prices of tokens, in US dollars per million.
type Rates struct {
	Input, Output float64
}

// Of is the price of a usage in US dollars.
func (r Rates) Of(u Usage) float64 {
	const million = 1e6
	return (float64(u.Prompt)*r.Input + float64(u.Completion)*r.Output) / million
}

// RatesSource says where the built-in rates come from.
const RatesSource = "OpenAI's list prices as known in 2025, copied by hand: check them against the price page of the endpoint"

// rates are list prices without discounts for batches or repeated input. A dated name, such as gpt-4-0613, is looked up without its date.
var rates = map[string]Rates{
	"gpt-4":                  {30, 60},
	"gpt-4-turbo":            {10, 30},
	"gpt-4o":                 {2.5, 10},
	"gpt-4o-mini":            {0.15, 0.6},
	"gpt-4.1":                {2, 8},
	"gpt-4.1-mini":           {0.4, 1.6},
	"gpt-4.1-nano":           {0.1, 0.4},
	"gpt-3.5-turbo":          {0.5, 1.5},
	"text-embedding-3-small": {0.02, 0},
	"text-embedding-3-large": {0.13, 0},
	"text-embedding-ada-002": {0.1, 0},
}

// RatesOf looks a model up in the built-in list. A model that is not there has no price that could be guessed.
func RatesOf(model string) (Rates, bool) {
	if r, ok := rates[model]; ok {
		return r, true
	}
	r, ok := rates[undated(model)]
	return r, ok
}

// undated cuts a date off the name of a model: -2024-08-06 or -0613.
func undated(model string) string {
	for _, length := range []int{len("-2024-08-06"), len("-0613")} {
		cut := len(model) - length
		if cut > 0 && model[cut] == '-' && strings.Trim(model[cut:], "-0123456789") == "" {
			return model[:cut]
		}
	}
	return model
}
