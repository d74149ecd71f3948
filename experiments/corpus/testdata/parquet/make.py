"""Writes the Parquet fixtures of this folder (pyarrow 26.0.1): LMSYS-Chat-1M's schema, the list's child called `item` and `element`.

    python make.py
"""
import pyarrow as pa
import pyarrow.parquet as pq

message = pa.struct([("content", pa.string()), ("role", pa.string())])
schema = pa.schema([
    ("conversation_id", pa.string()), ("model", pa.string()), ("conversation", pa.list_(message)), ("turn", pa.int64()),
    ("language", pa.string()),
    ("openai_moderation", pa.list_(pa.struct([("categories", pa.struct([("hate", pa.bool_())])), ("flagged", pa.bool_())]))),
    ("redacted", pa.bool_())])


def said(*turns):
    return [t if t is None else {"role": t[0], "content": t[1]} for t in turns]


conversations = [
    said(("user", "How do I boil an egg?"), ("assistant", "Eight minutes."), ("user", "Thanks, NAME_1!"), ("assistant", "Welcome.")),
    [],                                                                       # an empty list is no turn
    None,                                                                     # a null list is a null turn
    said(("user", None), ("assistant", "")),                                  # a null content; an empty one
    said(None, ("user", "Wie geht’s?"), ("assistant", "Gut 🙂")),              # a null message
    said(("system", "Be brief."), ("user", "a\x00b \ufffd Ã©"), ("assistant", "x" * 3000)),
    said(*[("user" if i % 2 == 0 else "assistant", f"turn {i}") for i in range(40)]),
]
table = pa.table({
    "conversation_id": [f"c{i}" for i in range(7)],
    "model": ["vicuna-13b", "vicuna-13b", "koala-13b", None, "koala-13b", "alpaca-13b", "vicuna-13b"],
    "conversation": conversations,
    "turn": [2, 0, 0, 1, 1, 1, 20],
    "language": ["English", "unknown", "unknown", "unknown", "German", "English", "English"],
    "openai_moderation": [[{"categories": {"hate": i % 2 == 0}, "flagged": False}] * (i % 3) for i in range(7)],
    "redacted": [True] + [False] * 6,
}, schema=schema)
for name, compliant in ("item", False), ("element", True):
    pq.write_table(table, f"{name}.parquet", use_compliant_nested_type=compliant, row_group_size=3, data_page_size=64,
                   compression="zstd" if compliant else "snappy")
