// The network as an island: filled in by the network page.
export {};
