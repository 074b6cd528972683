"""PyTorch for environment/benchmark: reads one word per line, does that work once, and writes how many milliseconds it took.

Arguments: the number of threads, and the folder with the weights to decompose, those that ours decomposes."""

import itertools
import pathlib
import sys
import time
import warnings

warnings.filterwarnings("ignore")
import torch  # noqa: E402

WIDTHS = [784, 1024, 1024, 1024, 1024, 1024]
RANK = 20
OVERSAMPLING = 10  # columns beyond the rank, as many as ours takes
SAMPLE = 0.02  # seconds a sample takes at least


def dense():
    layers = []
    for inputs, outputs in itertools.pairwise(WIDTHS):
        layers += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers, torch.nn.Linear(WIDTHS[-1], 10))


def factorized():
    layers = []
    for inputs, outputs in itertools.pairwise(WIDTHS):
        layers += [torch.nn.Linear(inputs, RANK, bias=False), torch.nn.Linear(RANK, outputs), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers, torch.nn.Linear(WIDTHS[-1], 10))


def training(batch, fused):
    network = dense()
    optimizer = torch.optim.Adam(network.parameters(), 1e-4, fused=fused)
    loss = torch.nn.CrossEntropyLoss()
    images, labels = torch.rand(batch, WIDTHS[0]), torch.randint(0, 10, (batch,))

    def step():
        optimizer.zero_grad()
        loss(network(images), labels).backward()
        optimizer.step()

    return step


def output(network, batch):
    images = torch.rand(batch, WIDTHS[0])

    def infer():
        with torch.inference_mode():
            torch.softmax(network(images), 1)

    return infer


def weights(layer):
    """Float32, column by column."""
    rows, columns = WIDTHS[layer], WIDTHS[layer + 1]
    file = pathlib.Path(sys.argv[2], f"weights-{layer}.bin")
    return torch.from_file(str(file), size=rows * columns).reshape(columns, rows).T.contiguous()


def decomposition(layers):
    matrices = [weights(layer) for layer in layers]
    return lambda: [torch.linalg.svd(matrix, full_matrices=False) for matrix in matrices]


def truncation():
    matrices = [weights(layer) for layer in range(len(WIDTHS) - 1)]
    return lambda: [torch.svd_lowrank(matrix, RANK + OVERSAMPLING) for matrix in matrices]


def work(word, batch):
    return {
        "adam": lambda: training(batch, None),
        "fused-adam": lambda: training(batch, True),
        "dense-output": lambda: output(dense(), batch),
        "factorized-output": lambda: output(factorized(), batch),
        "svd": lambda: decomposition([1]),
        "svd-all": lambda: decomposition(range(len(WIDTHS) - 1)),
        "svd-lowrank-all": truncation,
    }[word]()


def main():
    torch.set_num_threads(int(sys.argv[1]))
    torch.manual_seed(1)
    print(torch.__version__, flush=True)
    known, repeats = {}, {}
    for line in sys.stdin:
        word, _, batch = line.strip().partition(" ")
        if line not in known:
            known[line], repeats[line] = work(word, int(batch or 0)), 1
        began = time.perf_counter()
        for _ in range(repeats[line]):
            known[line]()
        once = (time.perf_counter() - began) / repeats[line]
        repeats[line] = max(1, int(SAMPLE / once) + 1) if once < SAMPLE else 1
        print(once * 1000, flush=True)


if __name__ == "__main__":
    main()
