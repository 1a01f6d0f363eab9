"""XML of digital ink as a tree; entities, which may read files or grow without bound, are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import TreeBuilder
from xml.parsers import expat

from limner.corpus.formats.limits import text_of
from limner.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path
    from xml.etree.ElementTree import Element


def xml_tree(path: Path) -> Element:
    """Parse an XML file; namespaces are taken off tags and attributes, and entities are refused.

    Raises
    ------
    DataError
        If the file is too large, is not well-formed XML, or declares entities.
    """
    parser = expat.ParserCreate("utf-8", namespace_separator="}")
    builder = TreeBuilder()
    parser.buffer_text = True

    def start(tag: str, attributes: dict[str, str]) -> None:
        builder.start(_local(tag), {_local(name): value for name, value in attributes.items()})

    def refuse(entity: str, *_: object) -> None:
        raise DataError(f"{path} declares an entity ({entity[:40]}), which no ink needs.")

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda tag: builder.end(_local(tag))
    parser.CharacterDataHandler = builder.data
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(text_of(path), True)
    except DataError:
        raise
    except (expat.ExpatError, ValueError) as error:
        raise DataError(f"{path} is damaged: {error}.") from error
    return builder.close()


def root_tag(head: bytes) -> bytes:
    """Return the name of the first element of an XML file, without its namespace; empty if there is none."""
    rest = head
    while rest.startswith((b"<?", b"<!")):
        end = {b"<!--": b"-->", b"<?": b"?>"}.get(rest[:4] if rest[:4] == b"<!--" else rest[:2], b">")
        _, _, rest = rest.partition(end)
        rest = rest.lstrip()
    name = rest[1:200].replace(b"/", b" ").replace(b">", b" ").split(None, 1)[0:1] if rest[:1] == b"<" else []
    return name[0].rpartition(b":")[2] if name else b""


def _local(name: str) -> str:
    return name.rpartition("}")[2]
