"""From a stored original to a matched invoice: reading processes, the durable queue, and what each step writes."""
