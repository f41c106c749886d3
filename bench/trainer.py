"""Our fine-tuning loop beside the Hugging Face Trainer: F1 and CPU seconds, in one run.

Both get the same backbone, the same training sets (NCBI disease, as in `learners.py`), the same
windows and tags, and their models are decoded by the same tagger, so that only the loops differ.
The Trainer has its own defaults but for 10 epochs, a learning rate of 3e-4 and float32, the usual
recipe for this backbone. Ours has its defaults: once in float32, and once in the number format
that this machine is fastest in; and once it makes as many passes as the Trainer, in batches of
about as many pieces, without its floor under the number of steps. Seconds are CPU seconds of one
thread in training alone.

    python bench/trainer.py                             # n = 100 and 450, three draws each
    python bench/trainer.py --sizes 100 --draws 1       # some minutes

Needs the package accelerate (``pip install 'suffice[bench]'``).
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

import _corpora
from suffice.corpus.document import Document
from suffice.learners.backbone import number_format, quiet
from suffice.learners.base import Tagger
from suffice.learners.finetuning.classifier import classifier
from suffice.learners.finetuning.finetune import Finetune
from suffice.learners.finetuning.tagger import ClassifierTagger
from suffice.learners.tags import encode, tag_names
from suffice.scoring import count


def main() -> None:
    """Run the bench and print its table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    shared = Path(os.environ.get("SUFFICE_SHARED", "../shared"))
    parser.add_argument("--shared", type=Path, default=shared, help="the shared data folder")
    parser.add_argument("--corpus", default="ncbi_disease")
    parser.add_argument("--sizes", nargs="+", type=int, default=[100, 450])
    parser.add_argument("--draws", type=int, default=3, help="training sets a size")
    parser.add_argument("--loop", nargs="+", help="only these, as the table names them")
    args = parser.parse_args()
    torch.set_num_threads(1)
    splits = _corpora.load(args.shared, args.corpus)
    evaluated = _corpora.evaluation(splits, "test")
    labels = sorted({s.label for part in splits.values() for d in part for s in d.spans})
    loops: dict[str, Callable[..., Tagger]] = {"Trainer, float32": by_trainer}
    for kept in dict.fromkeys(("float32", number_format())):
        loops[f"ours, {kept}"] = Finetune({"number_format": kept, "device": "cpu"}).train
    same = {"epochs": 10, "min_steps": 1, "batch_pieces": 300, "device": "cpu"}
    loops["ours, 10 epochs"] = Finetune(same).train
    loops = {name: loops[name] for name in args.loop or loops}
    print(f"{'loop':<18}{'n':>6}  {'mean F1':>7}  {'CPU s':>6}  F1 of each draw")
    for n in args.sizes:
        for name, train in loops.items():
            rows = []
            for draw in range(args.draws):
                training = _corpora.training_set(splits, n, draw)
                began = time.process_time()
                tagger = train(training, labels, draw)
                seconds = time.process_time() - began
                rows.append((count(evaluated, tagger.tag(evaluated), labels).f1(), seconds))
            f1, taken = np.array(rows).T
            print(
                f"{name:<18}{n:>6}  {f1.mean():>7.3f}  {taken.mean():>6.1f}  "
                + " ".join(f"{x:.3f}" for x in f1),
                flush=True,
            )


def by_trainer(documents: Sequence[Document], labels: Sequence[str], seed: int) -> Tagger:
    """Fine-tune with the Trainer, as its users do."""
    from transformers import PrinterCallback, Trainer, TrainingArguments, set_seed

    learner = Finetune({"number_format": "float32", "device": "cpu"})
    set_seed(seed)
    model, cutter = classifier(learner.backbone, tag_names(labels), learner.options)
    rows: list[dict[str, Any]] = []
    for job in cutter.jobs(documents):
        targets = np.full(len(job.ids), -100)
        targets[job.places] = encode(documents[job.document], labels)[job.words]
        rows.append({"input_ids": job.ids.tolist(), "labels": targets.tolist()})

    def collated(batch: Sequence[dict[str, Any]]) -> dict[str, torch.Tensor]:
        longest = max(len(row["input_ids"]) for row in batch)
        short = [longest - len(row["input_ids"]) for row in batch]
        return {
            "input_ids": torch.tensor(
                [r["input_ids"] + [0] * s for r, s in zip(batch, short, strict=True)]
            ),
            "attention_mask": torch.tensor([[1] * (longest - s) + [0] * s for s in short]),
            "labels": torch.tensor(
                [r["labels"] + [-100] * s for r, s in zip(batch, short, strict=True)]
            ),
        }

    with tempfile.TemporaryDirectory() as scratch, quiet():
        settings = TrainingArguments(
            output_dir=scratch,
            num_train_epochs=10,
            learning_rate=3e-4,
            seed=seed,
            use_cpu=True,
            report_to=[],
            save_strategy="no",
            logging_strategy="no",
            disable_tqdm=True,
        )
        trainer = Trainer(model=model, args=settings, train_dataset=rows, data_collator=collated)
        trainer.remove_callback(PrinterCallback)
        trainer.train()
    model.eval()
    return ClassifierTagger(model, cutter, tuple(labels), learner.options)


if __name__ == "__main__":
    main()
