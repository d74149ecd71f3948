// Package openai is a client for endpoints that speak OpenAI's protocol, two calls of it: chat completions and embeddings.
//
// It is made for thousands of questions that cost money:
//
//  1. [OpenCache] opens the file of replies. A question that has a reply there is never sent again; a reply reaches the disk before the caller
//     sees it, so that a process may be killed at any moment.
//  2. [New] makes a client with a rate, a budget and a key. The key goes into one header, and is cut out of whatever the endpoint says.
//  3. [Client.Chat] and [Client.Embed] answer from the cache, or ask: within the rate, within the budget, and again where the endpoint is busy,
//     silent or cut off.
//  4. [Client.Price] says beforehand what a question costs at most.
//
// Before a question is sent its highest price is set aside, so the budget holds for the worst case of everything in flight. What a reply has cost
// is counted from the usage that it states; a question whose reply was lost on the way (time-out, disconnection, a killed process) is counted at its
// highest price, because the endpoint may well have charged for it. Money is counted over the life of the cache file, not of a process.
package openai
