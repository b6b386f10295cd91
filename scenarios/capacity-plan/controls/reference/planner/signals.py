"""What a pool's work is made of."""

CORES = 4


def seconds(given):
    """What a job takes of a worker: of the part that is full first."""
    return max(given["gpu_s"], given["cpu_s"] / CORES)
