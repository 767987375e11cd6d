"""Reading text, tables, images, archives and folders, and splitting what was read: for plugins."""

from ..interfaces.content_splits import normalise, split_by_content
from ..interfaces.random_splits import split_random, stratified
from ..system.files import file_sha256
from ..system.memory import require as require_memory
from .archives import read_member, read_members
from .columns import (
    check_columns,
    could_be_header,
    find_columns,
    is_number,
    read_columns,
    read_csv,
    set_line,
)
from .encodings import TextFile, decode, open_text
from .folders import list_files, split_notes, split_parts
from .images import LARGEST_IMAGE, image_endings, image_formats, open_image, read_image
from .on_disk import OnDiskText, iterate_chunks
from .tables import BadRows, Table
from .text import (
    Documents,
    given_splits,
    note_documents,
    read_documents,
    read_splits,
    read_text,
)
from .text_splits import (
    FEW_DOCUMENTS,
    distinct,
    note_copies,
    split_documents,
    split_long_text,
)
from .unknown import match_classes, report_unknown

__all__ = [
    "FEW_DOCUMENTS",
    "LARGEST_IMAGE",
    "BadRows",
    "Documents",
    "OnDiskText",
    "Table",
    "TextFile",
    "check_columns",
    "could_be_header",
    "decode",
    "distinct",
    "file_sha256",
    "find_columns",
    "given_splits",
    "image_endings",
    "image_formats",
    "is_number",
    "iterate_chunks",
    "list_files",
    "match_classes",
    "normalise",
    "note_copies",
    "note_documents",
    "open_image",
    "open_text",
    "read_columns",
    "read_csv",
    "read_documents",
    "read_image",
    "read_member",
    "read_members",
    "read_splits",
    "read_text",
    "report_unknown",
    "require_memory",
    "set_line",
    "split_by_content",
    "split_documents",
    "split_long_text",
    "split_notes",
    "split_parts",
    "split_random",
    "stratified",
]
