"""Reading text, tables, archives and folders, and splitting what was read: for plugins."""

from ..interfaces.random_splits import split_random, stratified
from ..system.files import file_sha256
from ..system.memory import require as require_memory
from .archives import read_member, read_members
from .encodings import TextFile, decode, open_text
from .folders import split_folders, split_parts, table_files, unpacked
from .on_disk import OnDiskText, iterate_chunks
from .rows import BadRows, Table, comma_rows, tab_rows
from .tables import read_columns, read_csv
from .text import Documents, read_documents, read_splits, read_text
from .text_splits import (
    FEW_DOCUMENTS,
    distinct,
    normalise,
    split_documents,
    split_long_text,
)

__all__ = [
    "FEW_DOCUMENTS",
    "BadRows",
    "Documents",
    "OnDiskText",
    "Table",
    "TextFile",
    "comma_rows",
    "decode",
    "distinct",
    "file_sha256",
    "iterate_chunks",
    "normalise",
    "open_text",
    "read_columns",
    "read_csv",
    "read_documents",
    "read_member",
    "read_members",
    "read_splits",
    "read_text",
    "require_memory",
    "split_documents",
    "split_folders",
    "split_long_text",
    "split_parts",
    "split_random",
    "stratified",
    "tab_rows",
    "table_files",
    "unpacked",
]
