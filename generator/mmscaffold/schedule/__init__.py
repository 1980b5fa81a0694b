"""What "training length" touches: the loop, the schedulers, and keys of older Runners."""
