"""Reads the columns that a profile needs from a Parquet file of conversations, row group by row group, on one thread.

    python read.py pyarrow|polars FILE
"""
import os
import sys
import time

os.environ["POLARS_MAX_THREADS"] = "1"
COLUMNS = ["conversation_id", "model", "conversation", "language"]


def pyarrow_read(path):
    import pyarrow.parquet as pq
    rows = turns = 0
    file = pq.ParquetFile(path)
    for group in range(file.num_row_groups):
        table = file.read_row_group(group, columns=COLUMNS, use_threads=False)
        rows += table.num_rows
        turns += sum(len(chunk.values) for chunk in table["conversation"].chunks)
    return rows, turns


def polars_read(path):
    import polars as pl
    frame = pl.read_parquet(path, columns=COLUMNS)
    return frame.height, frame["conversation"].list.len().sum()


name, path = sys.argv[1:]
read = {"pyarrow": pyarrow_read, "polars": polars_read}[name]
start, cpu = time.perf_counter(), time.process_time()
rows, turns = read(path)
wall, cpu = time.perf_counter() - start, time.process_time() - cpu
size = os.path.getsize(path) / 1e6
print(f"{name:10s} {rows} rows {turns} messages  {size / wall:8.1f} MB/s {rows / wall:10.0f} rows/s  {cpu:.3f} s of CPU")
